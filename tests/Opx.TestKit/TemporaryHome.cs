using System.Security.Cryptography;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.TestKit;

/// <summary>A home directory of the test's own, with a path so short that a socket fits into it; gone with the test.</summary>
public sealed class TemporaryHome : IDisposable
{
    public TemporaryHome()
    {
        Path = $"/tmp/ox{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        Directory.CreateDirectory(Path, PrivateDirectory.Mode);
        // Once more, because a daemon that binds its socket at this moment in this process has changed the mask.
        File.SetUnixFileMode(Path, PrivateDirectory.Mode);
        Environment = new() { [EnvironmentNames.Home] = Path, [EnvironmentNames.XdgRuntimeDir] = In("run") };
    }

    public string Path { get; }

    /// <summary>What a process in this home would have in its environment; change it before looking at <see cref="Paths"/>.</summary>
    public Dictionary<string, string?> Environment { get; }

    public OpxPaths Paths => OpxPaths.From(Environment.GetValueOrDefault);

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file with just this mode, whatever the mask says.</summary>
    public string Write(string name, ReadOnlySpan<byte> content, UnixFileMode mode = PrivateFile.Mode)
    {
        var path = In(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, PrivateDirectory.Mode);
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    public string MakeDirectory(string name, UnixFileMode mode = PrivateDirectory.Mode)
    {
        var path = Directory.CreateDirectory(In(name)).FullName;
        File.SetUnixFileMode(path, mode);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
