using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

public static unsafe partial class NativeEnvironment
{
    // crt_externs.h: libraries do not see `environ` on macOS. Not run on the machines this was written on.
    private static byte** MacOS() => *AddressOfEnvironment();

    [LibraryImport("libSystem", EntryPoint = "_NSGetEnviron")]
    private static partial byte*** AddressOfEnvironment();
}
