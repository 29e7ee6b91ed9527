using System.Security.Cryptography;
using System.Text;

namespace Opx.Protocol.Files;

/// <summary>A line taken apart: what chains it to the one before.</summary>
/// <param name="text">What is hashed, without its closing brace.</param>
/// <param name="signed">What is signed, without its closing brace.</param>
/// <param name="signature">Base64; empty where the line carries none.</param>
public readonly ref struct AuditLink(
    long seq, ReadOnlySpan<byte> prev, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
{
    public long Seq { get; } = seq;

    public ReadOnlySpan<byte> Prev { get; } = prev;

    public ReadOnlySpan<byte> Hash { get; } = hash;

    /// <summary>What the checkpoint at this line signed; null where it carries no signature.</summary>
    public byte[]? SignedText => Signature.IsEmpty ? null : [.. _signed, (byte)'}'];

    public ReadOnlySpan<byte> Signature { get; } = signature;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<byte> _signed = signed;

    /// <summary>True where the line is as it was written.</summary>
    public bool IsIntact
    {
        get
        {
            Span<byte> hash = stackalloc byte[AuditLine.HashDigits];
            AuditLine.HashOpen(_text, hash);
            return hash.SequenceEqual(Hash);
        }
    }

    /// <summary>True where the signature (base64) of the text is the key's.</summary>
    public static bool IsSignedBy(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, ECDsa key)
    {
        try
        {
            return key.VerifyData(
                text, Convert.FromBase64String(Encoding.ASCII.GetString(signature)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
