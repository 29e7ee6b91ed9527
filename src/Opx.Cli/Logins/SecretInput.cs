using System.Runtime.InteropServices;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Logins;

/// <summary>Standard input for what must not lie around: into pinned memory that does not grow, so that no copy is left behind.</summary>
internal static partial class SecretInput
{
    /// <summary>All of it.</summary>
    /// <returns>The bytes, to be wiped, and how many of them there are.</returns>
    public static (byte[] Bytes, int Length) ReadAll(int most)
    {
        // A little more than is allowed, for line ends and to see that there is too much.
        var (bytes, length) = (SecretBytes.Allocate(most + 16), 0);
        try
        {
            while (true)
            {
                var read = Next(bytes.AsSpan(length));
                if (read == 0)
                    return (bytes, length);
                length += read;
                if (length == bytes.Length)
                    throw new FailureException(ExitCode.Usage, $"standard input holds more than {most} bytes: that is no credential");
            }
        }
        catch
        {
            SecretBytes.Wipe(bytes);
            throw;
        }
    }

    /// <summary>What has come; 0 at the end.</summary>
    public static int Next(Span<byte> into)
    {
        while (true)
        {
            var read = Read(StandardStreams.Input, into, (nuint)into.Length);
            if (read >= 0)
                return (int)read;
            var error = Marshal.GetLastPInvokeError();
            if (error == Errno.WouldBlock)
                Descriptor.Wait(StandardStreams.Input, Descriptor.Readable, -1);
            else if (error != Errno.Interrupted)
                throw new IOException($"cannot read standard input: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, Span<byte> bytes, nuint count);
}
