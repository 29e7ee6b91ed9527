using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Protocol.Tests.Files;

/// <summary>Files and directories that are ours alone, or refused. Another owner is one that we claim not to be: no second user is needed.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly uint _us = ProcessIdentity.EffectiveUserId();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_missing_directory_is_made_with_all_above_it_private()
    {
        PrivateDirectory.Ensure(_home.In("a/b/c"), _us);

        foreach (var path in (string[])["a", "a/b", "a/b/c"])
            Assert.Equal((path, 0x1C0u), (path, FileStatus.Of(_home.In(path))!.Value.Permissions));
    }

    [Theory]
    [InlineData(0x1E8, "0750")]
    [InlineData(0x1C1, "0701")]
    [InlineData(0x1FF, "0777")]
    public void A_directory_open_to_others_is_refused_with_its_mode_and_the_remedy(int mode, string octal)
    {
        var path = _home.MakeDirectory("open", (UnixFileMode)mode);

        var error = Assert.Throws<OpxPathException>(() => PrivateDirectory.Check(path, _us));
        Assert.Equal($"{path} has mode {octal} and needs 0700: run chmod 700 {path}", error.Message);
    }

    [Fact]
    public void A_directory_that_is_a_link_a_file_or_anothers_is_refused()
    {
        var real = _home.MakeDirectory("real");
        File.CreateSymbolicLink(_home.In("link"), real);
        File.CreateSymbolicLink(_home.In("dangling"), _home.In("nowhere"));
        _home.Write("file", []);

        Assert.Contains("symbolic link", Assert.Throws<OpxPathException>(() => PrivateDirectory.Ensure(_home.In("link"), _us)).Message);
        Assert.Contains("symbolic link", Assert.Throws<OpxPathException>(() => PrivateDirectory.Ensure(_home.In("dangling"), _us)).Message);
        Assert.Contains("not a directory", Assert.Throws<OpxPathException>(() => PrivateDirectory.Ensure(_home.In("file"), _us)).Message);
        Assert.Contains("belongs to user", Assert.Throws<OpxPathException>(() => PrivateDirectory.Ensure(real, _us + 1)).Message);
        Assert.Contains("cannot make", Assert.Throws<OpxPathException>(() => PrivateDirectory.Ensure(_home.In("file/below"), _us)).Message);
        Assert.False(PrivateDirectory.Check(_home.In("missing"), _us));
        Assert.True(PrivateDirectory.Check(real, _us));
    }

    [Fact]
    public void A_file_is_written_whole_private_and_leaves_nothing_beside_it()
    {
        PrivateFile.Write(_home.In("f"), "first, and longer"u8);
        PrivateFile.Write(_home.In("f"), "second"u8);

        Assert.Equal("second"u8, PrivateFile.Read(_home.In("f"), _us)!);
        Assert.Equal(0x180u, FileStatus.Of(_home.In("f"))!.Value.Permissions);
        Assert.Equal([_home.In("f")], Directory.GetFileSystemEntries(_home.Path));
    }

    [Fact]
    public void A_link_is_replaced_and_not_written_through()
    {
        _home.Write("target", "untouched"u8);
        File.CreateSymbolicLink(_home.In("f"), _home.In("target"));
        PrivateFile.Write(_home.In("f"), "new"u8);

        Assert.Equal("untouched"u8, File.ReadAllBytes(_home.In("target")));
        Assert.True(FileStatus.Of(_home.In("f"))!.Value.IsRegularFile);
    }

    [Theory]
    [InlineData("missing/f")]
    [InlineData("file/f")]
    [InlineData("directory")]
    public void A_file_that_cannot_be_written_is_an_error_and_leaves_nothing_behind(string name)
    {
        _home.Write("file", []);
        _home.Write("directory/in-it", []);

        Assert.Contains("cannot write", Assert.Throws<OpxPathException>(() => PrivateFile.Write(_home.In(name), "x"u8)).Message);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_home.Path, "*", SearchOption.AllDirectories), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0x1A4, "0644")]
    [InlineData(0x190, "0620")]
    [InlineData(0x181, "0601")]
    public void A_file_open_to_others_is_not_read(int mode, string octal)
    {
        var path = _home.Write("f", "secret"u8, (UnixFileMode)mode);

        Assert.Equal($"{path} has mode {octal} and needs 0600: run chmod 600 {path}", Assert.Throws<OpxPathException>(() => PrivateFile.Read(path, _us)).Message);
    }

    [Fact]
    public void A_file_that_is_missing_is_null_and_one_that_is_none_or_anothers_is_refused()
    {
        var path = _home.Write("f", "x"u8);
        File.CreateSymbolicLink(_home.In("link"), path);

        Assert.Null(PrivateFile.Read(_home.In("missing"), _us));
        Assert.Null(PrivateFile.Read(_home.In("f/below"), _us));
        Assert.Contains("plain file", Assert.Throws<OpxPathException>(() => PrivateFile.Read(_home.In("link"), _us)).Message);
        Assert.Contains("plain file", Assert.Throws<OpxPathException>(() => PrivateFile.Read(_home.Path, _us)).Message);
        Assert.Contains("belongs to user", Assert.Throws<OpxPathException>(() => PrivateFile.Read(path, _us + 1)).Message);
    }

    [Fact]
    public void A_hostile_name_cannot_forge_the_line_that_it_stands_in()
    {
        var error = Assert.Throws<OpxPathException>(() => PrivateFile.Write(_home.In("no\n/\u001b[2J"), []));

        Assert.DoesNotContain('\u001b', error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
