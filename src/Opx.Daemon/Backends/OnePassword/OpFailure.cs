namespace Opx.Daemon.Backends.OnePassword;

/// <summary>Whom a failed call of <c>op</c> concerns.</summary>
internal enum OpFailureScope
{
    /// <summary>At least one of the references it was asked for; the others may be good.</summary>
    Reference,

    /// <summary>
    /// Nobody gets an answer from <c>op</c> now: asking again would fail again, prompt again or use up more of the quota.
    /// </summary>
    Everybody,

    /// <summary>The values do not fit into what the system passes to one program: fewer of them may.</summary>
    Amount,
}

/// <summary>Why a call of <c>op</c> failed.</summary>
/// <param name="Failure">For those it concerns.</param>
/// <param name="Message">What <c>op</c> said, to find out which references it names. Goes nowhere else.</param>
/// <param name="IsPassing">True where another try shortly after may work.</param>
internal sealed record OpFailure(BackendFailure Failure, OpFailureScope Scope, string Message = "", bool IsPassing = false)
{
    /// <summary>Without the message, which is <c>op</c>'s and not ours.</summary>
    public override string ToString() => $"{Failure.Code} for {Scope}";
}
