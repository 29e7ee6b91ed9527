using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Opx.Daemon.Interop;

/// <summary>A list of strings as <c>execve</c> wants it, in one block that is wiped: an environment holds tokens.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte* _block;
    private readonly int _size;

    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        var pointers = (strings.Count + 1) * sizeof(byte*);
        _size = checked(pointers + strings.Sum(text => Encoding.UTF8.GetByteCount(text) + 1));
        _block = (byte*)NativeMemory.AllocZeroed((nuint)_size);
        var slot = (byte**)_block;
        var next = _block + pointers;
        foreach (var text in strings)
        {
            *slot++ = next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(_block + _size - next))) + 1;
        }
    }

    public byte** Pointers => (byte**)_block;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>(_block, _size));
        NativeMemory.Free(_block);
    }
}
