using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>
/// A file of mode 0600, where the system keeps no keys for us. It lies beside what it seals: it protects a copy of the one without the other
/// (a backup that leaves it out), and nothing against who has both, or puts both back together.
/// </summary>
internal sealed class KeyFile(string path, uint owner) : ISealingKeyStore
{
    public string Name => "key_file";

    public SealingKey? Load()
    {
        if (PrivateFile.Read(path, owner) is not { } bytes)
            return null;
        var key = SealingKey.Of(bytes);
        SecretBytes.Wipe(bytes);
        return key;
    }

    public bool TryStore(SealingKey key, TimeSpan lifetime)
    {
        PrivateFile.Write(path, key.Bytes);
        return true;
    }

    public void Forget() => PrivateFile.Erase(path);
}
