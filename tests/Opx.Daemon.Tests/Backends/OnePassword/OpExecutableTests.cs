using Opx.Daemon.Backends.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class OpExecutableTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("path").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_first_executable_op_on_the_path_is_taken()
    {
        File.WriteAllText(In("a/op"), "not executable");
        Directory.CreateDirectory(In("b/op"));
        var expected = Program("c/op");
        Program("d/op");

        Assert.Equal(expected, OpExecutable.Find(null, "", Path("a", "missing", "b", "c", "d"), null).Path);
    }

    [Fact]
    public void A_drop_in_that_leads_to_opx_is_passed_over()
    {
        var opx = Program("bin/opx");
        File.CreateSymbolicLink(In("a/op"), In("a/other"));
        File.CreateSymbolicLink(In("a/other"), opx);
        var real = Program("b/op");

        Assert.Equal(real, OpExecutable.Find(null, null, Path("a", "b"), opx).Path);
        Assert.Equal(real, OpExecutable.Find(null, null, Path("a", "b"), In("a/op")).Path);
    }

    [Theory]
    [InlineData("#!/bin/sh\nexec opx \"$@\"\n", true)]
    [InlineData("#!/bin/bash\nexec -a op '/opt/opx/bin/opx' \"$@\"", true)]
    [InlineData("#! /bin/sh\nX=$HOME/bin/opx; $X \"$@\"", true)]
    [InlineData("#!/usr/bin/env python3\nimport os, sys\nos.execvp(\"opx\", sys.argv)\n", true)]
    [InlineData("#!/bin/sh\n# opx asks this one\nexec /opt/1password/op \"$@\"\n", false)]
    [InlineData("#!/bin/sh\nexec /opt/opx/libexec/op \"$@\"\n", false)]
    [InlineData("#!/bin/sh\nOPX=1 my-opx-log; exec /opt/op.opx.real \"$@\"\n", false)]
    [InlineData("exec opx \"$@\"\n", false)]
    public void A_script_that_runs_opx_is_passed_by(string script, bool isPassedBy)
    {
        var (first, real) = (Program("a/op"), Program("b/op"));
        File.WriteAllText(first, script);

        Assert.Equal(isPassedBy ? real : first, OpExecutable.Find(null, null, Path("a", "b"), null).Path);
        Assert.Equal(isPassedBy, OpExecutable.Find(first, null, Path("b"), null).NotFoundReason?.Contains("is a script that runs opx") == true);
    }

    [Fact]
    public void Relative_and_empty_entries_of_the_path_are_not_looked_at()
    {
        Program("op");
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, _root);

        Assert.Null(OpExecutable.Find(null, null, $":.:{relative}", null).Path);
    }

    [Fact]
    public void The_environment_wins_over_the_configuration_and_both_over_the_path()
    {
        var (one, two, three) = (Program("a/op"), Program("b/my-op"), Program("c/my-op"));

        Assert.Equal(three, OpExecutable.Find(three, two, Path("a"), null).Path);
        Assert.Equal(two, OpExecutable.Find("", two, Path("a"), null).Path);
        Assert.Equal(one, OpExecutable.Find(null, null, Path("a"), null).Path);
    }

    [Theory]
    [InlineData("a/missing", "does not exist")]
    [InlineData("a/plain", "is not executable")]
    [InlineData("a", "does not exist")]
    public void A_named_program_that_cannot_be_used_is_never_replaced_by_another(string name, string why)
    {
        Program("a/op");
        File.WriteAllText(In("a/plain"), "");
        var found = OpExecutable.Find(In(name), null, Path("a"), null);

        Assert.Null(found.Path);
        Assert.Contains("OPX_OP_PATH", found.NotFoundReason);
        Assert.Contains(why, found.NotFoundReason);
    }

    [Fact]
    public void Naming_opx_itself_or_a_relative_path_is_an_error_that_says_so()
    {
        var opx = Program("bin/opx");

        Assert.Contains("is opx itself", OpExecutable.Find(opx, null, null, opx).NotFoundReason);
        Assert.Contains("not an absolute path", OpExecutable.Find(null, "bin/op", null, opx).NotFoundReason);
        Assert.Contains("executable_paths.op", OpExecutable.Find(null, "bin/op", null, opx).NotFoundReason);
    }

    [Fact]
    public void Without_any_the_reason_says_what_to_do()
    {
        var found = OpExecutable.Find(null, null, Path("a"), null);

        Assert.Null(found.Path);
        Assert.Contains("install it or set OPX_OP_PATH", found.NotFoundReason);
    }

    private string In(string name)
    {
        var path = System.IO.Path.Combine(_root, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    private string Path(params string[] directories) => string.Join(':', directories.Select(In));

    private string Program(string name)
    {
        var path = In(name);
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
