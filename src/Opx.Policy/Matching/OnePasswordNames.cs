using Opx.Protocol;

namespace Opx.Policy.Matching;

/// <summary>
/// 1Password finds a vault, an item, a section and a field by name, without case, or by id: 26 letters and digits. Which name belongs to an
/// id only 1Password knows, so an id may be any name. The section may be left out where the field's name is clear without it.
/// </summary>
/// <remarks>Source: https://developer.1password.com/docs/cli/secret-reference-syntax.</remarks>
internal static class OnePasswordNames
{
    private const int IdLength = 26;

    /// <summary>True for what a 1Password id may look like.</summary>
    public static bool IsId(string segment) => segment.Length == IdLength && segment.All(char.IsAsciiLetterOrDigit);

    /// <summary>True for a pattern that names something by its id.</summary>
    public static bool NamesById(string pattern) =>
        SecretReference.Parse(pattern, out _) is { Scheme: ReferenceScheme.OnePassword } named && named.Body.Split('/').Any(IsId);
}
