using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>Percent-encodes bytes that are not to become a string on the way.</summary>
internal static class PercentEncoding
{
    public static void Append(SecretBuffer into, ReadOnlySpan<byte> bytes)
    {
        var digits = "0123456789ABCDEF"u8;
        foreach (ref readonly var each in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)each) || each is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                into.Append(new ReadOnlySpan<byte>(in each));
            else
                into.Append([(byte)'%', digits[each >> 4], digits[each & 15]]);
        }
    }
}
