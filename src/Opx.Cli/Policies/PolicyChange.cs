using System.CommandLine;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Cli.Output;
using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Cli.Policies;

/// <summary>
/// A change of the file: shown, asked for, written whole. Two at once come one after the other: whoever asks nobody holds its folder from the
/// reading on, and a change that was asked for is refused where another one was faster.
/// </summary>
/// <param name="before">The bytes it is based on; null where there is no file yet.</param>
/// <param name="isSure">Of <c>--yes</c>.</param>
/// <param name="held">The lock on its folder, where that was taken before the reading.</param>
internal sealed class PolicyChange(string path, byte[]? before, bool isSure, IDisposable? held) : IDisposable
{
    public string Path => path;

    public byte[]? Before => before;

    public static Option<bool> Yes() => new("--yes", "-y") { Arity = ArgumentArity.Zero, Description = "Write the change without asking." };

    /// <summary>The file as it is now.</summary>
    /// <exception cref="FailureException">It is there and not valid: a change would hide what is wrong with it.</exception>
    public static PolicyChange Of(string path, uint owner, bool isSure)
    {
        var held = isSure ? Hold(path, owner) : null;
        var content = PolicyFile.Content(path, owner, out var fault);
        var wrong = fault is not null ? new PolicyFault(path, 0, fault)
            : content is not null ? PolicyFile.Load(content, path).Fault
            : null;
        return wrong is null ? new PolicyChange(path, content, isSure, held) : throw new FailureException(ExitCode.Failed, $"{wrong}: mend it first");
    }

    /// <summary>How many rules a list has now.</summary>
    public int Count(RuleList list)
    {
        var document = Before is null ? null : PolicyFile.Load(Before, Path).Document!;
        return (list == RuleList.Allow ? document?.Allow : document?.Deny)?.Count ?? 0;
    }

    /// <summary>Shows the change, asks unless told not to, and writes.</summary>
    /// <param name="report">What is not to be shown on standard output stands in it; a question is never asked without showing what about.</param>
    /// <returns>The exit code: 0 where it was written.</returns>
    public int Make(byte[] after, Surroundings around, Report report)
    {
        if (PolicyFile.Load(after, Path).Fault is { } fault)
            throw new FailureException(ExitCode.Usage, $"that would make the policy invalid: {fault.Reason}");
        var terminal = Terminal.Of(around);
        var isShown = report.IsForPeople;
        var change = UnifiedDiff.Of(Path, Text(Before), Text(after), isShown && terminal.HasColor);
        if (isShown)
            StandardStreams.Print(change);
        else if (!isSure)
            Messages.Raw(change);
        if (!isSure && !terminal.CanAsk)
            return Messages.Fail(ExitCode.Failed, "nothing was changed: say --yes, or run it on a terminal to be asked");
        if (!isSure && !Terminal.Confirm("Write this change?"))
            return Messages.Fail(ExitCode.Failed, "nothing was changed");
        Write(after, around.UserId);
        report.Fact("policy", Path);
        report.Fact("change", change);
        return report.Print();
    }

    public void Dispose() => held?.Dispose();

    private void Write(byte[] after, uint owner)
    {
        using var alone = held is null ? Hold(Path, owner) : null;
        // Somebody else may have changed it while the question stood.
        var now = PolicyFile.Content(Path, owner, out var fault);
        if (fault is not null || !Same(now, Before))
            throw new FailureException(ExitCode.Failed, $"{Printable.Text(Path)} has changed meanwhile: nothing was written, try again");
        PrivateFile.Write(Path, after);
    }

    private static SafeFileHandle Hold(string path, uint owner)
    {
        var directory = System.IO.Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            PrivateDirectory.Ensure(directory, owner);
        return DirectoryLock.Take(directory);
    }

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null || right is null ? left == right : left.AsSpan().SequenceEqual(right);

    private static string Text(byte[]? content) => content is null ? "" : Encoding.UTF8.GetString(content);
}
