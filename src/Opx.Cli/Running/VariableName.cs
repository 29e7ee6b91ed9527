namespace Opx.Cli.Running;

/// <summary>Names that every shell can use: <c>[A-Za-z_][A-Za-z0-9_]*</c>.</summary>
internal static class VariableName
{
    public static bool IsStart(byte letter) => char.IsAsciiLetter((char)letter) || letter == '_';

    public static bool IsPart(byte letter) => IsStart(letter) || char.IsAsciiDigit((char)letter);

    public static bool IsValid(string name) =>
        name.Length > 0 && name.All(char.IsAscii) && IsStart((byte)name[0]) && name.All(letter => IsPart((byte)letter));
}
