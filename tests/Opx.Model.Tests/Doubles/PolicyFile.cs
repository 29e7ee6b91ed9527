using Opx.Daemon.Interop;
using Opx.Model.Tests.Stepping;
using Opx.Policy;

namespace Opx.Daemon.Access;

/// <summary>Reads files that a history has in memory, and loads them as the real one does.</summary>
internal static class PolicyFile
{
    public static byte[]? Content(string path, uint owner, out string? fault)
    {
        _ = owner;
        Fiber.Point();
        fault = null;
        return VirtualFile.At(path)?.Content;
    }

    public static PolicyLoad Load(ReadOnlySpan<byte> content, string path) => Opx.Policy.PolicyFile.Load(content, path);
}
