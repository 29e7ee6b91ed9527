using Opx.Daemon.Options;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>Where the disk cache lies and who keeps its key, on this system.</summary>
internal static class DiskCacheChoice
{
    /// <summary>The disk cache, already followed by the cache in memory; null where it is off, and then nothing is left of an earlier one.</summary>
    public static DiskCache? Begin(DaemonOptions options, uint owner, SecretCache cache, TextWriter log, TimeProvider clock)
    {
        var directory = options.Paths.DataDirectory;
        var path = Path.Combine(directory, "cache.sealed");
        ISealingKeyStore keys = KernelKeyring.IsUsable ? new KernelKeyring("opx:cache:" + directory) : new KeyFile(Path.Combine(directory, "cache.key"), owner);
        var file = new SealedFile(path, owner, keys);
        if (!options.DiskCache || options.EffectiveTimeToLive <= TimeSpan.Zero)
        {
            if (File.Exists(path))
                file.Destroy();
            return null;
        }

        var disk = new DiskCache(file, Boot(), keys.Name, cache, log, clock);
        disk.Begin(options.EffectiveTimeToLive);
        return disk;
    }

    /// <summary>What names this run of the machine. macOS tells it to nobody without more ado: there the clocks alone have to do.</summary>
    private static string Boot()
    {
        const string linux = "/proc/sys/kernel/random/boot_id";
        return File.Exists(linux) ? File.ReadAllText(linux).Trim() : "";
    }
}
