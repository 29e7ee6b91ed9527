using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>Replaces this process by another program: same process id, terminal and parent; nothing of opx is left to forward or to
/// wait.</summary>
internal sealed unsafe partial class Replacement(InheritedState inherited, SignalState signals)
{
    private const int SetDumpable = 4;

    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();

    // What execvp uses where PATH is unset.
    private static readonly byte[] DefaultPath = "/bin:/usr/bin"u8.ToArray();

    /// <summary>Returns only where it fails, with the failure.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="environment">Its whole environment: its <c>PATH</c> is the one that is searched, as <c>env</c> does.</param>
    public FailureException Execute(IReadOnlyList<byte[]> words, IReadOnlyList<byte[]> environment)
    {
        using var variables = new NativeStrings(environment);
        using var arguments = new NativeStrings(words);
        foreach (var entry in environment)
            SecretBytes.Wipe(entry);
        SystemTrustStore.Restore();
        // From here to the exec the limit of core files is the caller's again, and values are in this memory. (Exec takes it back.)
        if (OperatingSystem.IsLinux())
            _ = Control(SetDumpable, 0, 0, 0, 0);
        inherited.PutBack();
        signals.PutBack();
        return Failure(words[0], Search(words, arguments, variables, Path(variables)));
    }

    /// <summary>As execvp: a name with a slash is a path; another is looked for in each directory, past what is missing or may not be
    /// executed.</summary>
    private static int Search(IReadOnlyList<byte[]> words, NativeStrings arguments, NativeStrings environment, byte[] path)
    {
        var name = words[0];
        if (name.Length == 0)
            return Errno.NoEntry;
        if (name.Contains((byte)'/'))
            return Try(name, words, arguments, environment);

        var isDenied = false;
        foreach (var range in path.AsSpan().Split((byte)':'))
        {
            ReadOnlySpan<byte> directory = path.AsSpan()[range];
            byte[] candidate = directory.IsEmpty ? name : [.. directory, (byte)'/', .. name];
            var error = Try(candidate, words, arguments, environment);
            if (error == Errno.Access)
                isDenied = true;
            else if (!IsElsewhere(error))
                return error;
        }

        return isDenied ? Errno.Access : Errno.NoEntry;
    }

    private static int Try(byte[] file, IReadOnlyList<byte[]> words, NativeStrings arguments, NativeStrings environment)
    {
        using var program = new NativeStrings([file, Shell]);
        Execve(program.Pointer[0], arguments.Pointer, environment.Pointer);
        var error = Marshal.GetLastPInvokeError();
        if (error != Errno.NotExecutable)
            return error;
        // A script without '#!': the shell reads it, as execvp has it.
        using var script = new NativeStrings([Shell, file, .. words.Skip(1)]);
        Execve(program.Pointer[1], script.Pointer, environment.Pointer);
        return Marshal.GetLastPInvokeError();
    }

    // ENODEV is 19, ESTALE 116 and ETIMEDOUT 110 on Linux, 70 and 60 on macOS: file systems that are not there at the moment.
    private static bool IsElsewhere(int error) => error is Errno.NoEntry or Errno.NotDirectory or 19
        || (OperatingSystem.IsMacOS() ? error is 70 or 60 : error is 116 or 110);

    private static byte[] Path(NativeStrings environment)
    {
        for (var entry = environment.Pointer; *entry is not null; entry++)
        {
            var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            if (text.StartsWith("PATH="u8))
                return text[5..].ToArray();
        }

        return DefaultPath;
    }

    private static FailureException Failure(byte[] name, int error)
    {
        var shown = Printable.Text(Encoding.UTF8.GetString(name));
        return error switch
        {
            Errno.NoEntry => new FailureException(ExitCode.CommandNotFound, $"cannot find the command '{shown}'"),
            Errno.TooBig => new FailureException(
                ExitCode.CannotExecute,
                $"cannot execute '{shown}': its arguments and environment are more than the system passes on; "
                + "write large values to files with 'opx read -o'"),
            _ => new FailureException(ExitCode.CannotExecute, $"cannot execute '{shown}': {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    private static partial int Execve(byte* file, byte** arguments, byte** environment);
}
