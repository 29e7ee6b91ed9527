using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>Who this process is.</summary>
public static partial class ProcessIdentity
{
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();
}
