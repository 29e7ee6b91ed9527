using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault;

/// <summary>What an engine or a method answers, before it becomes bytes (<see cref="AnswerText"/>).</summary>
internal sealed record VaultAnswer(int Status)
{
    public JsonObject? Data { get; init; }

    public VaultToken? Auth { get; init; }

    public string LeaseId { get; init; } = "";

    public bool Renewable { get; init; }

    public long LeaseDuration { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Of a failure; empty for <c>{"errors":[]}</c>.</summary>
    public IReadOnlyList<string>? Errors { get; init; }

    /// <summary>A body that is not the usual JSON.</summary>
    public byte[]? Raw { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Beside <c>data</c>, its members also stand at the top (http/handler.go: injectDataIntoTopRoutes).</summary>
    public bool IsAlsoAtTop { get; init; }

    public static VaultAnswer NoContent { get; } = new(204);

    /// <summary>Nothing there: <c>{"errors":[]}</c>.</summary>
    public static VaultAnswer NotFound { get; } = new(404) { Errors = [] };

    /// <summary>The token is good, its policies are not.</summary>
    public static VaultAnswer Denied { get; } = Failure(403, "1 error occurred:\n\t* permission denied\n\n");

    public static VaultAnswer InvalidToken { get; } = Failure(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");

    public static VaultAnswer Of(JsonObject? data) => new(200) { Data = data };

    public static VaultAnswer Failure(int status, string error) => new(status) { Errors = [error] };

    public static VaultAnswer BadRequest(string error) => Failure(400, error);

    public static VaultAnswer Unsupported { get; } = Failure(405, "1 error occurred:\n\t* unsupported operation\n\n");

    public static VaultAnswer NoRoute(string path) => Failure(404, $"no handler for route \"{path}\". route entry not found.");
}
