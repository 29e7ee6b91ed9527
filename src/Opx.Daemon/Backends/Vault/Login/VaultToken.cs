using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>A token and how long it lives. Times are real ones, whatever the wall clock says.</summary>
internal sealed class VaultToken : IDisposable
{
    // A token that ends while the request is on its way would only cost another login.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    // Paths are named by whoever asks. One that is forgotten costs a login more.
    private const int MostDenied = 1_024;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly HashSet<string> _denied = new(StringComparer.Ordinal);
    private long _counted;
    private TimeSpan? _life;

    /// <param name="life">Null for a token without an end.</param>
    public VaultToken(SecretValue value, TimeSpan? life, bool isRenewable, bool isOurs, TimeProvider clock) =>
        (Value, _life, IsRenewable, IsOurs, _clock, _counted) = (value, life, isRenewable, isOurs, clock, clock.GetTimestamp());

    public SecretValue Value { get; }

    public bool IsRenewable { get; }

    /// <summary>True where it came from a login of ours, or was given to us: then it is also ours to revoke.</summary>
    public bool IsOurs { get; }

    /// <summary>Null for a token without an end.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (_lock)
                return _life is { } life ? TimeSpan.FromTicks(Math.Max(0, (life - _clock.GetElapsedTime(_counted)).Ticks)) : null;
        }
    }

    public bool IsOver => Left < Margin;

    public void Renewed(TimeSpan? life)
    {
        lock (_lock)
            (_life, _counted) = (life, _clock.GetTimestamp());
    }

    /// <summary>The path was refused right after a login: another one would not help.</summary>
    public void Deny(string path)
    {
        lock (_lock)
        {
            if (_denied.Count >= MostDenied)
                _denied.Clear();
            _denied.Add(path);
        }
    }

    public bool IsDenied(string path)
    {
        lock (_lock)
            return _denied.Contains(path);
    }

    public void Dispose() => Value.Dispose();

    public override string ToString() => "[token]";
}

/// <summary>Exactly one of the two.</summary>
internal readonly record struct LoginOutcome(VaultToken? Token, BackendFailure? Failure)
{
    public static LoginOutcome Of(VaultToken token) => new(token, null);

    public static LoginOutcome Of(BackendFailure failure) => new(null, failure);
}
