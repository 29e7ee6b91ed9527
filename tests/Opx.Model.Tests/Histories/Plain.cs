using System.Text;
using Opx.Protocol;

namespace Opx.Model.Tests.Histories;

/// <summary>The policies that a history may have in its file, and what each says of each caller, in as few words as there are.</summary>
internal static class Plain
{
    public const string Alice = "/bin/a", Bob = "/bin/b";

    public static readonly string[] References = ["op://v/i/0", "op://v/i/1", "op://v/i/2?attribute=otp"];

    public static readonly byte[]?[] Policies =
    [
        null,
        File($$"""{"allow":[{"path":"{{Alice}}","refs":["op://v/i/0"]}]}"""),
        File($$"""{"deny":[{"path":"{{Bob}}","refs":["*"]}]}"""),
        File($$"""{"default_deny":true,"allow":[{"path":"{{Alice}}","refs":["*"]}]}"""),
        File("{"),
    ];

    /// <summary>Null for yes.</summary>
    /// <param name="caller">Null for somebody who is not known.</param>
    public static ErrorCode? Refusal(int policy, string? caller, string reference) => (policy, caller) switch
    {
        (0, _) => null,
        (4, _) => ErrorCode.PolicyInvalid,
        (_, null) => ErrorCode.PeerUnidentified,
        (1, not Alice) when reference == References[0] => ErrorCode.AccessDenied,
        (2, Bob) or (3, not Alice) => ErrorCode.AccessDenied,
        _ => null,
    };

    // All of one length, so that a change may show in nothing but its time, or not even there.
    private static byte[] File(string json) => Encoding.UTF8.GetBytes(json.PadRight(100));
}
