using System.CommandLine;
using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx lock</c>: wipes all values and refuses reads until <c>opx unlock</c>.</summary>
internal sealed class LockCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = Report.JsonOption();

    public LockCommand()
        : base("lock", "Wipe all cached values and refuse reads until 'opx unlock'.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect();
        return Session.Print(client.Lock(), new Report(invocation, _json));
    }
}

/// <summary><c>opx unlock</c>.</summary>
internal sealed class UnlockCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = Report.JsonOption();

    public UnlockCommand()
        : base("unlock", "End a lock; the backend may ask for a fingerprint.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect();
        return Session.Print(client.Unlock(), new Report(invocation, _json));
    }
}

file static class Session
{
    public static int Print(Answer<SessionResponse> answer, Report report)
    {
        if (answer.Value is not { } session)
            throw new FailureException(answer.Problem!);
        var state = Printable.Text(session.State, 64);
        if (!session.Success)
            throw new FailureException(ExitCode.Locked, session.Message is { } why ? Printable.Text(why) : $"the session is {state}");
        if (session.Message is { } warning)
            Messages.Error(Printable.Text(warning));
        report.Fact("state", state);
        report.Say(state);
        return report.Print();
    }
}
