namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>Where the key of the sealed file lies, beside the number of the file that is the newest.</summary>
internal interface ISealingKeyStore
{
    /// <summary>As in the status.</summary>
    string Name { get; }

    /// <summary>The key that is kept, to be disposed of, or null.</summary>
    SealingKey? Load();

    /// <summary>Keeps the key in place of the one before. False where it cannot be kept.</summary>
    /// <param name="lifetime">After which nothing that it seals is of use any more.</param>
    bool TryStore(SealingKey key, TimeSpan lifetime);

    void Forget();
}
