using System.Collections.Concurrent;
using System.Security.Cryptography;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>SHA-256 of programs' contents, computed once for each inode, size and change time.</summary>
internal sealed class ContentHashes(LookupThreads threads)
{
    private const int Most = 1_024;

    private readonly ConcurrentDictionary<FileStamp, Task<string?>> _known = new();

    /// <summary>The hash where it is known, or null.</summary>
    public string? Find(FileStamp program) =>
        _known.TryGetValue(program, out var hash) && hash.IsCompletedSuccessfully ? hash.Result : null;

    /// <summary>Reads the program that the process runs, however many ask at once a single time. Null where it cannot be read.</summary>
    public Task<string?> OfAsync(IObservedProcess process, FileStamp program)
    {
        if (_known.Count >= Most)
            _known.Clear();
        var hash = _known.GetOrAdd(program, _ => threads.RunAsync(() => Compute(process, program)));
        // What could not be read now may be readable for the next who asks.
        if (hash is { IsCompleted: true } and not { IsCompletedSuccessfully: true, Result: not null })
            _known.TryRemove(new(program, hash));
        return hash;
    }

    private static string? Compute(IObservedProcess process, FileStamp program)
    {
        using var file = process.OpenProgram();
        if (file is null)
            return null;
        using var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        // Before and after, so that what was read is what the stamp stands for.
        return process.Program() == program ? hash : null;
    }
}

/// <summary>The content of one caller's program.</summary>
internal sealed class ProgramContent(IObservedProcess process, ContentHashes hashes)
{
    /// <summary>The hash where it is known; never blocks.</summary>
    public string? Known => process.Program() is { } program ? hashes.Find(program) : null;

    public void Release(IObservedProcess? unless)
    {
        if (process != unless)
            process.Dispose();
    }

    public async Task EstablishAsync()
    {
        try
        {
            if (process.Program() is { } program)
                await hashes.OfAsync(process, program);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // It stays unknown, and a rule that asks for it does not match.
        }
    }
}
