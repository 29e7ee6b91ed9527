using System.Text;
using Opx.Daemon.Audit;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Audit;

public sealed class DailyFileTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_is_appended_is_in_the_file_when_it_returns()
    {
        using var file = Open();
        for (var i = 0; i < 5; i++)
        {
            file.Append(Encoding.ASCII.GetBytes($"line {i}\n"));
            Assert.EndsWith($"line {i}\n", File.ReadAllText(_home.In("log")));
        }
    }

    [Fact]
    public void A_long_line_is_one_piece()
    {
        using var file = Open();
        var line = new string('x', 300_000) + "\n";
        file.Append(Encoding.ASCII.GetBytes(line));
        file.Append("short\n"u8);
        Assert.Equal(line + "short\n", File.ReadAllText(_home.In("log")));
    }

    [Fact]
    public void A_write_that_fails_throws_and_is_not_made_up_for_later()
    {
        // A device that is always full stands in for the disk.
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        using var stream = new ExactStream(full);
        stream.Write("first\n"u8);
        Assert.Throws<IOException>(stream.Flush);
        stream.Flush();
        Assert.Equal(0, stream.Written);
    }

    [Fact]
    public void What_was_there_stays()
    {
        File.WriteAllText(_home.In("log"), "before\n");
        File.SetUnixFileMode(_home.In("log"), Protocol.Files.PrivateFile.Mode);
        using (var file = Open())
            file.Append("behind\n"u8);
        Assert.Equal("before\nbehind\n", File.ReadAllText(_home.In("log")));
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        File.WriteAllText(_home.In("log"), "");
        File.SetUnixFileMode(_home.In("log"), Protocol.Files.PrivateFile.Mode | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<Protocol.OpxPathException>(Open).Message);
    }

    private DailyFile Open() => DailyFile.Open(_home.In("log"), ProcessIdentity.EffectiveUserId());
}
