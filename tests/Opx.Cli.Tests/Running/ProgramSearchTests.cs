using Opx.Cli.Running;

namespace Opx.Cli.Tests.Running;

public sealed class ProgramSearchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("opx-path").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_drop_in_that_is_ourselves_is_passed_over()
    {
        var own = Program("bin/opx");
        Directory.CreateDirectory(At("first"));
        File.CreateSymbolicLink(At("first/op"), own);
        var real = Program("second/op");

        Assert.Equal(real, ProgramSearch.Find("op", null, $"{At("first")}:{At("missing")}:{At("second")}", own));
        Assert.Equal(real, ProgramSearch.Find("op", null, At("second"), null));
        Assert.Null(ProgramSearch.Find("op", null, At("first"), own));
    }

    [Fact]
    public void A_file_that_cannot_be_executed_a_directory_and_a_relative_entry_do_not_count()
    {
        File.WriteAllText(At("op"), "");
        Directory.CreateDirectory(At("sub/op"));

        Assert.Null(ProgramSearch.Find("op", null, $"{_directory}:{At("sub")}::bin:.", null));
    }

    [Fact]
    public void A_named_program_is_the_only_one_that_is_tried()
    {
        var real = Program("op");

        Assert.Equal(real, ProgramSearch.Find("op", real, null, null));
        Assert.Null(ProgramSearch.Find("op", At("missing"), _directory, null));
    }

    private string Program(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), "#!/bin/sh\n");
        File.SetUnixFileMode(At(name), (UnixFileMode)0b111_000_000);
        return At(name);
    }

    private string At(string name) => Path.Combine(_directory, name);
}
