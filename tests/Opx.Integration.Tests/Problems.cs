using Opx.TestKit;

namespace Opx.Integration.Tests;

internal static class Problems
{
    /// <summary>The answer is a problem of this code, with all that belongs to one.</summary>
    public static void AssertIs(RawResponse answer, int status, string code)
    {
        Assert.Equal((status, code), (answer.Status, answer["code"]));
        Assert.Equal("application/problem+json", answer.Header("Content-Type"));
        Assert.Equal("about:blank", answer["type"]);
        Assert.Equal(status.ToString(), answer["status"]);
        foreach (var member in (string[])["title", "detail", "request_id"])
            Assert.NotEmpty(answer[member] ?? "");
    }
}
