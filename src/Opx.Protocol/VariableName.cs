namespace Opx.Protocol;

/// <summary>What a variable may be called: <c>[A-Za-z_][A-Za-z0-9_]*</c>, which every shell can use.</summary>
public static class VariableName
{
    public static bool IsValid(string name) => name.Length > 0 && IsStart(name[0]) && name.All(IsPart);

    public static bool IsStart(char letter) => char.IsAsciiLetter(letter) || letter == '_';

    public static bool IsPart(char letter) => IsStart(letter) || char.IsAsciiDigit(letter);
}
