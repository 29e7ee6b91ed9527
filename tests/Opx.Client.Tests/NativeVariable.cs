using System.Runtime.InteropServices;
using System.Text;

namespace Opx.Client.Tests;

/// <summary>A variable of C's environment, which is another than the runtime's copy of it.</summary>
internal static unsafe partial class NativeVariable
{
    public static byte[]? Get(string name)
    {
        var value = GetEnvironment(name);
        return value == null ? null : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value).ToArray();
    }

    public static string? Text(string name) => Get(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public static void Set(string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* terminated = (byte[])[.. value, 0])
            Assert.Equal(0, SetEnvironment(name, terminated, 1));
    }

    public static void Set(string name, byte[]? value)
    {
        if (value is null)
            Assert.Equal(0, UnsetEnvironment(name));
        else
            Set(name, value.AsSpan());
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* GetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, byte* value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnvironment(string name);
}
