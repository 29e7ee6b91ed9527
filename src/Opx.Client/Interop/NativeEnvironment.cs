using System.Runtime.InteropServices;

namespace Opx.Client.Interop;

/// <summary>C's <c>environ</c>: every byte as it was given to us, which the runtime's own copy, being text, is not.</summary>
internal static unsafe partial class NativeEnvironment
{
    /// <summary>Valid until the next <c>setenv</c>.</summary>
    public static byte** Pointer() => OperatingSystem.IsMacOS() ? MacOS() : Linux();

    private static byte** Linux() =>
        *(byte***)NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(NativeEnvironment).Assembly, null), "environ");
}
