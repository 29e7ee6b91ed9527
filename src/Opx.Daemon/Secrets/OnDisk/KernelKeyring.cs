using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>
/// Linux keeps the key, in the keyring of the user: never on a disk, gone with the machine's power, and by itself when the last value's time
/// is over. It protects the file against who gets hold of the disk, of a backup or of the file; not against processes of the same user.
/// </summary>
/// <param name="description">What the key is called; one for each data directory.</param>
internal sealed unsafe partial class KernelKeyring(string description) : ISealingKeyStore
{
    private const int UserKeyring = -4;
    private const int SetPermissions = 5, Search = 10, ReadKey = 11, SetTimeout = 15, Invalidate = 21;

    // All rights for its owner's processes: those that do not hold the keyring in their session, as services do not, would have none to read it.
    private const nint OwnersOnly = 0x3F3F0000;

    public string Name => "kernel_keyring";

    /// <summary>True where the system has such a thing and lets us use it, which containers often do not.</summary>
    public static bool IsUsable
    {
        get
        {
            const int noSuchKey = 126;
            return OperatingSystem.IsLinux() && Numbers is not null
                && (KeyControl(Search, UserKeyring, "user", "opx:none") >= 0 || Marshal.GetLastPInvokeError() == noSuchKey);
        }
    }

    private static (nint AddKey, nint KeyControl)? Numbers => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (248, 250),
        Architecture.Arm64 => (217, 219),
        _ => null,
    };

    public SealingKey? Load()
    {
        var serial = KeyControl(Search, UserKeyring, "user", description);
        if (serial < 0)
            return null;
        var bytes = stackalloc byte[SealingKey.Size];
        var length = Call(Numbers!.Value.KeyControl, ReadKey, serial, (nint)bytes, SealingKey.Size, 0);
        var key = length == SealingKey.Size ? SealingKey.Of(new ReadOnlySpan<byte>(bytes, SealingKey.Size)) : null;
        CryptographicOperations.ZeroMemory(new Span<byte>(bytes, SealingKey.Size));
        return key;
    }

    public bool TryStore(SealingKey key, TimeSpan lifetime)
    {
        nint serial;
        using var type = new Text("user");
        using var name = new Text(description);
        fixed (byte* bytes = key.Bytes)
            serial = Call(Numbers!.Value.AddKey, type.Pointer, name.Pointer, (nint)bytes, SealingKey.Size, UserKeyring);
        if (serial < 0 || Call(Numbers!.Value.KeyControl, SetPermissions, serial, OwnersOnly, 0, 0) < 0)
            return false;
        _ = Call(Numbers!.Value.KeyControl, SetTimeout, serial, (nint)Math.Clamp(Math.Ceiling(lifetime.TotalSeconds), 1, int.MaxValue), 0, 0);
        return true;
    }

    public void Forget()
    {
        var serial = KeyControl(Search, UserKeyring, "user", description);
        if (serial >= 0)
            _ = Call(Numbers!.Value.KeyControl, Invalidate, serial, 0, 0, 0);
    }

    private static nint KeyControl(int operation, nint keyring, string type, string name)
    {
        using var typeText = new Text(type);
        using var nameText = new Text(name);
        return Call(Numbers!.Value.KeyControl, operation, keyring, typeText.Pointer, nameText.Pointer, 0);
    }

    private readonly ref struct Text(string text)
    {
        public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

        public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
    }

    // glibc has no names for these.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e);
}
