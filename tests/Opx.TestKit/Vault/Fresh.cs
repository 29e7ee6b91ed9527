using System.Security.Cryptography;

namespace Opx.TestKit.Vault;

/// <summary>Names that nobody guesses.</summary>
internal static class Fresh
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Text(int length) => RandomNumberGenerator.GetString(Letters, length);

    public static string Hex(int length) => RandomNumberGenerator.GetHexString(length, lowercase: true);

    public static string Uuid() => Guid.NewGuid().ToString();
}
