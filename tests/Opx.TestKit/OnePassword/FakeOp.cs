using System.Text;

namespace Opx.TestKit.OnePassword;

/// <summary>
/// A 1Password CLI of the test's own: the double <c>op</c> in a directory to put on the path, and the directory that drives it.
/// </summary>
/// <remarks>What the files mean, and which modes there are, stands at the head of <c>op</c>.</remarks>
public sealed class FakeOp : IDisposable
{
    private readonly bool _ownsRoot;
    private int _once;

    /// <param name="root">An existing directory to live in, left alone at the end; null for a temporary one of our own.</param>
    public FakeOp(string? root = null)
    {
        _ownsRoot = root is null;
        Root = root ?? Directory.CreateTempSubdirectory("op").FullName;
        BinDirectory = Directory.CreateDirectory(System.IO.Path.Combine(Root, "bin")).FullName;
        State = Directory.CreateDirectory(System.IO.Path.Combine(Root, "state")).FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(State, "once"));
        Directory.CreateDirectory(System.IO.Path.Combine(State, "values"));
        Path = System.IO.Path.Combine(BinDirectory, "op");
        // A link, not a copy: a file that was just written can be "busy" to execve while another thread's child still holds it open.
        File.CreateSymbolicLink(Path, System.IO.Path.Combine(AppContext.BaseDirectory, "OnePassword", "op"));
    }

    public string Root { get; }

    /// <summary>To put on the path; holds nothing but <c>op</c>.</summary>
    public string BinDirectory { get; }

    /// <summary>What <c>OP_DOUBLE_DIR</c> has to name.</summary>
    public string State { get; }

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>The environment that a process needs to run it, and not more.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OP_DOUBLE_DIR"] = State,
        ["HOME"] = Root,
        ["PATH"] = BinDirectory + ":" + System.Environment.GetEnvironmentVariable("PATH"),
    };

    /// <summary>The arguments of each call, joined by spaces.</summary>
    public IReadOnlyList<string> Calls => Lines("calls");

    /// <summary>Each reference that was looked up, as often as it was.</summary>
    public IReadOnlyList<string> Asked => Lines("asked");

    public IReadOnlyList<int> ProcessIds => [.. Lines("pids").Select(int.Parse)];

    /// <summary>True once the mode <c>prompt</c> is waiting for <see cref="Answer"/>.</summary>
    public bool HasPrompted => File.Exists(In("prompted"));

    public FakeOp Set(string reference, string value, string? account = null) => Set(reference, Encoding.UTF8.GetBytes(value), account);

    public FakeOp Set(string reference, byte[] value, string? account = null)
    {
        Write(ValueFile(reference, account) + ".value", value);
        return this;
    }

    public void Remove(string reference, string? account = null) => File.Delete(ValueFile(reference, account) + ".value");

    /// <summary>
    /// The reference fails with <c>could not read secret 'REF': message</c>, or with just the message where it starts with <c>!</c>.
    /// </summary>
    public FakeOp Fail(string reference, string message, string? account = null)
    {
        Write(ValueFile(reference, account) + ".error", Encoding.UTF8.GetBytes(message));
        return this;
    }

    /// <summary>How every call (of one command: <c>read</c>, <c>run</c>, <c>whoami</c>) behaves from now on; <c>ok</c> for well.</summary>
    public FakeOp Mode(string mode, string? command = null)
    {
        Write(In(command is null ? "mode" : "mode." + command), Encoding.UTF8.GetBytes(mode));
        return this;
    }

    /// <summary>How the next calls behave, one each.</summary>
    public FakeOp Once(params string[] modes)
    {
        foreach (var mode in modes)
            Write(In($"once/{++_once:d3}"), Encoding.UTF8.GetBytes(mode));
        return this;
    }

    /// <summary>How long every read and run takes.</summary>
    public FakeOp Delay(TimeSpan delay)
    {
        Write(In("delay"), Encoding.UTF8.GetBytes(delay.TotalSeconds.ToString("0.###")));
        return this;
    }

    /// <summary>Ends the mode <c>prompt</c>.</summary>
    public void Answer(bool dismiss = false) => Write(In("answer"), Encoding.UTF8.GetBytes(dismiss ? "dismiss" : ""));

    /// <summary>Each call's environment from now on is to be found in <see cref="Environments"/>.</summary>
    public FakeOp Record()
    {
        Write(In("record"), []);
        return this;
    }

    /// <summary>The environments of the recorded calls, as <c>env</c> prints them.</summary>
    public IReadOnlyList<string> Environments => [.. Directory.GetFiles(State, "environment.*").Select(File.ReadAllText)];

    public void Forget()
    {
        foreach (var log in (string[])["calls", "asked", "pids"])
            File.Delete(In(log));
    }

    public void Dispose()
    {
        if (_ownsRoot)
            Directory.Delete(Root, recursive: true);
    }

    private string In(string name) => System.IO.Path.Combine(State, name);

    private string ValueFile(string reference, string? account)
    {
        var body = reference[(reference.IndexOf("://", StringComparison.Ordinal) + 3)..];
        return System.IO.Path.Combine(State, account is null ? "values" : $"accounts/{account}/values", body);
    }

    private string[] Lines(string log) => File.Exists(In(log)) ? File.ReadAllLines(In(log)) : [];

    // Renamed into place: a call that is under way sees the old file or the new one.
    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var temporary = In($"new.{Guid.NewGuid():n}");
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
