using System.CommandLine;
using System.Text;
using Opx.Cli.Output;
using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Policies;

/// <summary>A change of the file: shown, asked for, written whole.</summary>
/// <param name="Before">The bytes it is based on; null where there is no file yet.</param>
internal sealed record PolicyChange(string Path, byte[]? Before)
{
    public static Option<bool> Yes() => new("--yes", "-y") { Arity = ArgumentArity.Zero, Description = "Write the change without asking." };

    /// <summary>The file as it is now.</summary>
    /// <exception cref="FailureException">It is there and not valid: a change would hide what is wrong with it.</exception>
    public static PolicyChange Of(string path, uint owner)
    {
        var content = PolicyFile.Content(path, owner, out var fault);
        var wrong = fault is not null ? new PolicyFault(path, 0, fault)
            : content is not null ? PolicyFile.Load(content, path).Fault
            : null;
        return wrong is null ? new PolicyChange(path, content) : throw new FailureException(ExitCode.Failed, $"{wrong}: mend it first");
    }

    /// <summary>How many rules a list has now.</summary>
    public int Count(RuleList list)
    {
        var document = Before is null ? null : PolicyFile.Load(Before, Path).Document!;
        return (list == RuleList.Allow ? document?.Allow : document?.Deny)?.Count ?? 0;
    }

    /// <summary>Shows the change, asks unless told not to, and writes.</summary>
    /// <param name="isSure">Of <c>--yes</c>.</param>
    /// <returns>The exit code: 0 where it was written.</returns>
    public int Make(byte[] after, Surroundings around, bool isSure)
    {
        if (PolicyFile.Load(after, Path).Fault is { } fault)
            throw new FailureException(ExitCode.Usage, $"that would make the policy invalid: {fault.Reason}");
        var terminal = Terminal.Of(around);
        StandardStreams.Print(UnifiedDiff.Of(Path, Text(Before), Text(after), terminal.HasColor));
        if (!isSure && !terminal.CanAsk)
            return Messages.Fail(ExitCode.Failed, "nothing was changed: say --yes, or run it on a terminal to be asked");
        if (!isSure && !Terminal.Confirm("Write this change?"))
            return Messages.Fail(ExitCode.Failed, "nothing was changed");
        Write(after, around.UserId);
        return ExitCode.Done;
    }

    private void Write(byte[] after, uint owner)
    {
        // Somebody else may have changed it while the question stood.
        var now = PolicyFile.Content(Path, owner, out var fault);
        if (fault is not null || !Same(now, Before))
            throw new FailureException(ExitCode.Failed, $"{Printable.Text(Path)} has changed meanwhile: nothing was written, try again");
        if (Before is null)
            PrivateDirectory.Ensure(System.IO.Path.GetDirectoryName(Path)!, owner);
        PrivateFile.Write(Path, after);
    }

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null || right is null ? left == right : left.AsSpan().SequenceEqual(right);

    private static string Text(byte[]? content) => content is null ? "" : Encoding.UTF8.GetString(content);
}
