namespace Opx.Fuzz.Tests.Generating;

/// <summary>What stands in inputs where a secret stands, and must stand in no text of ours.</summary>
internal static class Secret
{
    public const string Text = "c4n4ry-hunter2";

    /// <summary>True where it is nothing but a member's value: a name, a path or a reference may be quoted.</summary>
    public static bool IsOnlyValueIn(ReadOnlySpan<byte> json)
    {
        var secret = "c4n4ry-hunter2"u8;
        var found = false;
        for (int at; (at = json.IndexOf(secret)) >= 0; json = json[(at + secret.Length)..])
        {
            if (at < 2 || json[at - 1] != '"' || json[at - 2] != ':')
                return false;
            found = true;
        }

        return found;
    }
}
