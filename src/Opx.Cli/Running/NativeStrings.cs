using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opx.Cli.Running;

/// <summary>A <c>char**</c> for exec: strings ended by NUL, the array by a null pointer. Wiped when it is freed, for it may hold
/// values.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly nint _strings;
    private readonly int _length;

    public NativeStrings(IReadOnlyList<byte[]> strings)
    {
        _length = strings.Sum(text => text.Length + 1);
        _strings = (nint)NativeMemory.Alloc((nuint)Math.Max(_length, 1));
        Pointer = (byte**)NativeMemory.Alloc((nuint)(strings.Count + 1), (nuint)sizeof(byte*));
        var at = (byte*)_strings;
        for (var i = 0; i < strings.Count; i++)
        {
            Pointer[i] = at;
            strings[i].CopyTo(new Span<byte>(at, strings[i].Length));
            at[strings[i].Length] = 0;
            at += strings[i].Length + 1;
        }

        Pointer[strings.Count] = null;
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)_strings, _length));
        NativeMemory.Free((void*)_strings);
        NativeMemory.Free(Pointer);
    }
}
