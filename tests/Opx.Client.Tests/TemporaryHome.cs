using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Client.Tests;

/// <summary>A home with short paths, gone after the test.</summary>
public sealed class TemporaryHome : IDisposable
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static readonly uint Me = ProcessIdentity.EffectiveUserId();

    private readonly Dictionary<string, string?> _environment;

    public TemporaryHome()
    {
        Directory.CreateDirectory(Root, Private);
        _environment = new() { ["HOME"] = Root, ["XDG_DATA_HOME"] = Root + "/d", ["XDG_RUNTIME_DIR"] = Root + "/r" };
        Paths = OpxPaths.From(_environment.GetValueOrDefault);
    }

    public string Root { get; } = $"/tmp/opx-{Guid.NewGuid().ToString("n")[..8]}";

    public OpxPaths Paths { get; private set; }

    public string TokenText { get; private set; } = "";

    public ClientOptions Options => new(Paths, Me, MayStart: false, DaemonPath: null, SearchPath: null, LookInLoginSession: false)
    {
        OwnPath = Root + "/opx",
    };

    public TemporaryHome WithDirectories()
    {
        Directory.CreateDirectory(Paths.DataDirectory, Private);
        Directory.CreateDirectory(Paths.RuntimeDirectory, Private);
        return this;
    }

    public TemporaryHome WithSocketAt(string path)
    {
        Paths = OpxPaths.From(_environment.GetValueOrDefault, path);
        return this;
    }

    public void WriteToken(char digit)
    {
        TokenText = new string(digit, 64);
        PrivateFile.Write(Paths.TokenFile, System.Text.Encoding.ASCII.GetBytes(TokenText));
    }

    public string Script(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, "#!/bin/sh\n" + text);
        File.SetUnixFileMode(path, Private);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
