using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Generating;

/// <summary>Pieces of text that readers have stumbled over somewhere.</summary>
internal static class Words
{
    private static readonly string[] Plain = ["a", "b", "k8s", "token", "Work", "item", "field", "secret", "data", "Production", "x y", "0", "1", "42"];

    private static readonly string[] Odd =
    [
        "", " ", "\t", "\n", "\r\n", "\r", "\0", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\u202e", "\ufeff", "\ufffd", "é", "e\u0301", "\u0130", "ß", "😀", "\U000e0001",
        ".", "..", "...", "/", "//", "\\", "%", "%2e%2e", "%2F", "%00", "%25", "$", "$A", "${A}", "${", "$(x)", "`x`", "'", "\"", "\\\"", "\\u", "#", "?", "?version=2", "?attribute=otp",
        "*", "=", ":", ";", "&", "|", "-", "--", "+", "@", "{{", "}}", "{", "}", "[", "]", "<", ">", "op://", "OP://", "vault://", "bao://", "http://", "file:///etc/passwd",
        "true", "false", "null", "NaN", "Infinity", "-Infinity", "-0", "-1", "1e9", "1e309", "0x10", "007", "٣", "2147483648", "4294967296", "9223372036854775807", "99999999999999999999",
    ];

    public static string Text(Choices choices)
    {
        var text = "";
        for (var pieces = choices.Between(1, 3); pieces > 0; pieces--)
            text += Piece(choices);
        return text;
    }

    public static string Piece(Choices choices) => choices.Chance(35) ? choices.Of(Odd) : choices.Of(Plain);

    /// <summary>A reference, right or nearly so.</summary>
    public static string Reference(Choices choices)
    {
        var scheme = choices.Of("op://", "op://", "vault://", "bao://", "OP://", "", "ftp://");
        var path = Piece(choices);
        for (var more = choices.Between(0, 4); more > 0; more--)
            path += "/" + Piece(choices);
        return scheme + path + choices.Of("", "", "", "#key", "?version=3", "?version=3#key", "#key?version=3", "?attribute=otp", "#", "?");
    }

    public static string GoodReference(Choices choices) => choices.Of("op://Work/api/token", "op://v/i/s/f", "vault://secret/app#password", "bao://kv/a?version=2#k", "op://v/i/f?attribute=otp", "name");
}
