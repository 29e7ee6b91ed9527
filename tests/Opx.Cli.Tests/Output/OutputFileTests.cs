using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("opx-out").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("0600")]
    [InlineData("640")]
    [InlineData("0666")]
    [InlineData("0400")]
    public void The_file_has_the_very_mode_whatever_the_mask(string mode)
    {
        OutputFile.Write(At("f"), OutputFile.ParseMode(mode), "x"u8);

        Assert.Equal(Convert.ToInt32(mode, 8), (int)File.GetUnixFileMode(At("f")));
        Assert.Equal("x", File.ReadAllText(At("f")));
    }

    [Fact]
    public void An_old_file_is_replaced_whole_with_the_new_mode()
    {
        File.WriteAllText(At("f"), "something longer");
        File.SetUnixFileMode(At("f"), (UnixFileMode)0b110_100_100);
        OutputFile.Write(At("f"), OutputFile.ParseMode(OutputFile.DefaultMode), "x"u8);

        Assert.Equal("x", File.ReadAllText(At("f")));
        Assert.Equal(0b110_000_000, (int)File.GetUnixFileMode(At("f")));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void Nothing_is_left_behind_where_the_directory_is_missing()
    {
        var failure = Assert.Throws<FailureException>(() => OutputFile.Write(At("no/f"), OutputFile.ParseMode("600"), "x"u8));

        Assert.StartsWith("cannot write ", failure.Lines[0]);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void A_link_a_directory_and_a_device_are_refused_and_left_alone()
    {
        File.WriteAllText(At("f"), "old");
        File.CreateSymbolicLink(At("link"), At("f"));

        Assert.Contains("symbolic link", Refused(At("link")));
        Assert.Contains("directory", Refused(_directory));
        Assert.Contains("redirect", Refused("/dev/null"));
        Assert.Equal("old", File.ReadAllText(At("f")));
        Assert.True(File.Exists("/dev/null"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("0800")]
    [InlineData("1777")]
    [InlineData("u=rw")]
    [InlineData("00600")]
    [InlineData("-600")]
    public void A_mode_that_is_none_is_a_usage_error(string mode) => Assert.Throws<UsageException>(() => OutputFile.ParseMode(mode));

    private static string Refused(string path) =>
        Assert.Throws<FailureException>(() => OutputFile.Write(path, OutputFile.ParseMode("600"), "x"u8)).Lines[0];

    private string At(string name) => Path.Combine(_directory, name);
}
