using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>C's <c>environ</c>: every byte as it was given to us, which the runtime's own copy, being text, is not.</summary>
public static unsafe partial class NativeEnvironment
{
    /// <summary>Valid until the next <c>setenv</c>.</summary>
    public static byte** Pointer() =>
        OperatingSystem.IsMacOS() ? MacOS() : *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
}
