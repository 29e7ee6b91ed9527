using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Policy.Tests;

/// <summary>Whose file it is, who can write it, and what else may lie at its path.</summary>
public sealed partial class PolicyFileTests : IDisposable
{
    private const uint Somebody = 54_321;

    private readonly string _directory = Directory.CreateTempSubdirectory("ox-policy-").FullName;
    private readonly uint _me = ProcessIdentity.EffectiveUserId();

    private string File => Path.Combine(_directory, "policy.json");

    [Fact]
    public void No_file_is_no_policy()
    {
        Assert.Null(PolicyFile.Read(File, _me));
        Assert.Null(PolicyFile.Read(Path.Combine(_directory, "missing", "policy.json"), _me));
    }

    [Theory]
    [InlineData("600", true)]
    [InlineData("400", true)]
    [InlineData("644", true)]
    [InlineData("660", false)]
    [InlineData("602", false)]
    [InlineData("666", false)]
    public void A_file_that_others_can_write_is_invalid(string mode, bool isValid)
    {
        Put("{}", mode);

        var load = PolicyFile.Read(File, _me)!;

        Assert.Equal(isValid, load.Document is not null);
        if (!isValid)
            Assert.Contains("can be written by others", load.Fault!.ToString());
    }

    [Fact]
    public void A_link_is_invalid_wherever_it_leads()
    {
        System.IO.File.WriteAllText(Path.Combine(_directory, "other.json"), "{}");
        System.IO.File.CreateSymbolicLink(File, "other.json");
        Assert.Contains("symbolic link", PolicyFile.Read(File, _me)!.Fault!.Reason);

        System.IO.File.Delete(File);
        System.IO.File.CreateSymbolicLink(File, "nowhere");
        Assert.Contains("symbolic link", PolicyFile.Read(File, _me)!.Fault!.Reason);
    }

    [Fact]
    public void A_directory_in_its_place_is_invalid_and_not_missing()
    {
        Directory.CreateDirectory(File);

        Assert.Contains("not a plain file", PolicyFile.Read(File, _me)!.Fault!.Reason);
    }

    [Theory]
    [InlineData("777", false)]
    [InlineData("770", false)]
    [InlineData("755", true)]
    [InlineData("1777", true)]
    public void A_file_whose_directory_others_can_write_is_invalid(string mode, bool isValid)
    {
        Put("{}", "600");
        System.IO.File.SetUnixFileMode(_directory, (UnixFileMode)Convert.ToInt32(mode, 8));

        Assert.Equal(isValid, PolicyFile.Read(File, _me)!.Document is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Below_a_directory_where_everybody_may_write_nothing_is_valid_and_nothing_is_missing(bool isThere)
    {
        var below = Path.Combine(_directory, "above", "below");
        Directory.CreateDirectory(below, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(below, "policy.json");
        if (isThere)
            System.IO.File.WriteAllText(file, "{}");
        const UnixFileMode everybody = (UnixFileMode)0x1FF;
        System.IO.File.SetUnixFileMode(Path.GetDirectoryName(below)!, everybody);
        Assert.Contains("where everybody may write", PolicyFile.Read(file, _me)!.Fault!.Reason);
        // As in /tmp: what belongs to somebody can be replaced by nobody else.
        System.IO.File.SetUnixFileMode(Path.GetDirectoryName(below)!, everybody | UnixFileMode.StickyBit);
        Assert.Equal(isThere, PolicyFile.Read(file, _me) is not null);
    }

    [Fact]
    public void A_file_that_is_too_large_is_invalid()
    {
        Put("{}" + new string(' ', PolicyFile.MostBytes - 2), "600");
        Assert.Null(PolicyFile.Read(File, _me)!.Fault);

        System.IO.File.AppendAllText(File, " ");
        Assert.Contains("larger", PolicyFile.Read(File, _me)!.Fault!.Reason);
    }

    [Fact]
    public void A_file_of_another_user_is_invalid_unless_it_is_roots()
    {
        Put("{}", "644");
        if (_me != 0)
        {
            // Ours, seen by another.
            Assert.Contains($"belongs to user {_me}", PolicyFile.Read(File, Somebody)!.Fault!.Reason);
            return;
        }

        // Root's file in root's directory is taken by everybody; another's is not, in whosever directory.
        Assert.NotNull(PolicyFile.Read(File, Somebody)!.Document);
        Own(File, Somebody + 1);
        Assert.Contains($"belongs to user {Somebody + 1}", PolicyFile.Read(File, Somebody)!.Fault!.Reason);
        Own(File, Somebody);
        Own(_directory, Somebody + 1);
        Assert.Contains("lies in", PolicyFile.Read(File, Somebody)!.Fault!.Reason);
        Own(_directory, Somebody);
        Assert.NotNull(PolicyFile.Read(File, Somebody)!.Document);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Put(string content, string mode)
    {
        System.IO.File.WriteAllText(File, content);
        System.IO.File.SetUnixFileMode(File, (UnixFileMode)Convert.ToInt32(mode, 8));
    }

    private static void Own(string path, uint user) => Assert.Equal(0, ChangeOwner(path, user, user));

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
