using System.Text;

namespace Opx.Protocol.Interop;

/// <summary>A <c>char**</c> as <c>execve</c> wants it: strings ended by NUL, the array by a null pointer, in one block that is wiped when it is
/// freed, because an environment holds tokens and values.</summary>
public sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte* _block;
    private readonly int _capacity;

    public NativeStrings(IReadOnlyList<byte[]> strings)
    {
        var pointers = (strings.Count + 1) * sizeof(byte*);
        _block = SecretMemory.Allocate(checked(pointers + strings.Sum(text => text.Length + 1)), out _capacity);
        var slot = (byte**)_block;
        var next = _block + pointers;
        foreach (var text in strings)
        {
            *slot++ = next;
            text.CopyTo(new Span<byte>(next, text.Length));
            next[text.Length] = 0;
            next += text.Length + 1;
        }

        *slot = null;
    }

    public byte** Pointer => (byte**)_block;

    public static NativeStrings Of(IEnumerable<string> strings) => new([.. strings.Select(Encoding.UTF8.GetBytes)]);

    public void Dispose() => SecretMemory.Release(_block, _capacity);
}
