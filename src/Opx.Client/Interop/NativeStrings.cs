using System.Runtime.InteropServices;

namespace Opx.Client.Interop;

/// <summary>A list of strings as C wants one: pointers to terminated UTF-8, the last one null.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;

    public NativeStrings(string[] strings)
    {
        _count = strings.Length;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        NativeMemory.Free(Pointer);
    }
}
