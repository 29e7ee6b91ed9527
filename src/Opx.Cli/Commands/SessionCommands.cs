using System.CommandLine;
using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx lock</c>: wipes all values and refuses reads until <c>opx unlock</c>.</summary>
internal sealed class LockCommand() : Command("lock", "Wipe all cached values and refuse reads until 'opx unlock'."), IOpxCommand
{
    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect();
        return Session.Print(client.Lock());
    }
}

/// <summary><c>opx unlock</c>.</summary>
internal sealed class UnlockCommand() : Command("unlock", "End a lock; the backend may ask for a fingerprint."), IOpxCommand
{
    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect();
        return Session.Print(client.Unlock());
    }
}

file static class Session
{
    public static int Print(Answer<SessionResponse> answer)
    {
        if (answer.Value is not { } session)
            throw new FailureException(answer.Problem!);
        var state = Printable.Text(session.State, 64);
        if (!session.Success)
            throw new FailureException(ExitCode.Locked, session.Message is { } why ? Printable.Text(why) : $"the session is {state}");
        return StandardStreams.Print(state + "\n");
    }
}
