using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>The credentials of one login, by name; wiped with it.</summary>
internal sealed class Credentials : IDisposable
{
    private readonly Dictionary<string, SecretValue> _values = [];

    public SecretValue? this[string name] => _values.GetValueOrDefault(name);

    public bool IsEmpty => _values.Count == 0;

    /// <summary>Takes over the value.</summary>
    public Credentials Add(string name, SecretValue value)
    {
        _values.Add(name, value);
        return this;
    }

    public void Dispose()
    {
        foreach (var value in _values.Values)
            value.Dispose();
        _values.Clear();
    }

    public override string ToString() => "[credentials]";
}
