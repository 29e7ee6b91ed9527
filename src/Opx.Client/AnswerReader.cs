using Opx.Protocol;

namespace Opx.Client;

/// <summary>Makes an answer of an HTTP response. Every failure the daemon reports ends as a <see cref="Problem"/>, in whatever shape it came.</summary>
internal static class AnswerReader
{
    public static Answer<T> Read<T>(HttpResponse response, Func<ReadOnlyMemory<byte>, T?> parse)
        where T : class
    {
        if (response.Status != 200)
            return new(null, ProblemOf(response));
        return Parsed(response.Body, parse) is { } value
            ? new(value, null)
            : new(null, new Problem(ErrorCode.Internal, "the daemon's answer makes no sense: are opx and opx-authd of the same version?"));
    }

    /// <remarks>The readers throw what JSON throws and what is wrong with numbers, base64 and text; none of it may end a command with a trace.</remarks>
    private static T? Parsed<T>(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T?> parse)
        where T : class
    {
        try
        {
            return parse(body);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static Problem ProblemOf(HttpResponse response)
    {
        if (Parsed(response.Body, Problem.Read) is { } problem)
            return problem with { RetryAfter = response.RetryAfter };

        // Another daemon's plain text is not shown: nobody says what it holds.
        var code = CodeOf(response.Status);
        return new Problem(code, $"{code.Title()} (HTTP {response.Status})", RetryAfter: response.RetryAfter);
    }

    private static ErrorCode CodeOf(int status) => status switch
    {
        401 => ErrorCode.Unauthorized,
        403 => ErrorCode.AccessDenied,
        404 => ErrorCode.NotFound,
        409 => ErrorCode.Ambiguous,
        413 => ErrorCode.TooLarge,
        423 => ErrorCode.SessionLocked,
        429 => ErrorCode.RateLimited,
        502 => ErrorCode.BackendError,
        503 => ErrorCode.BackendUnavailable,
        504 => ErrorCode.BackendTimeout,
        >= 400 and < 500 => ErrorCode.BadRequest,
        _ => ErrorCode.Internal,
    };
}
