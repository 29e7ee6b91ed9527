using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Scripts.Tests.Tools.Chaos;

/// <summary>
/// Knows what every answer has to be, whatever is going wrong meanwhile: the value of a reference is what <c>fake</c> says in <c>prelude.sh</c>, one
/// with <c>private</c> in it is nobody's, and what is no value is a problem with a code.
/// </summary>
internal sealed class Judge
{
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _values;
    private int _refused;

    public static string ValueOf(string reference) =>
        "fake_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))[..16];

    public static bool IsPrivate(string reference) => reference.Contains("private", StringComparison.Ordinal);

    /// <summary>An answer to <c>/v1/read</c>, or to <c>/v1/reads</c> where there are several references.</summary>
    public void Hear(RawResponse answer, params string[] references)
    {
        if (answer.Status != 200)
        {
            foreach (var reference in references)
                HearError(reference, ErrorCodes.Parse(answer["code"]) is null ? $"status {answer.Status} without a code: {answer.Text}" : answer["code"]!);
        }
        else if (references is [var one])
        {
            HearResult(one, answer.Json);
        }
        else
        {
            var results = answer.Json.GetProperty("results");
            foreach (var reference in references)
                HearResult(reference, results.GetProperty(reference));
        }
    }

    /// <summary>No answer: the connection was refused, closed or cut off.</summary>
    public void HearNothing() => Count("nothing");

    public void Condemn(string what) => _wrong.Enqueue(what);

    /// <summary><c>values=N refused=N errors=N wrong=N</c> and what the errors and the first wrong answer were.</summary>
    public override string ToString()
    {
        var errors = string.Join(',', _errors.OrderBy(error => error.Key).Select(error => $"{error.Key}:{error.Value}"));
        return $"values={_values} refused={_refused} errors={_errors.Values.Sum()} wrong={_wrong.Count} [{errors}] {(_wrong.TryPeek(out var first) ? first : "")}";
    }

    private void HearResult(string reference, JsonElement result)
    {
        if (result.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            HearError(reference, error.GetProperty("code").GetString()!);
        else if (IsPrivate(reference))
            Condemn($"{reference} was told to somebody who is refused it");
        else if (result.GetProperty("value").GetString() is var value && value != ValueOf(reference))
            Condemn($"{reference} is '{value}'");
        else
            Interlocked.Increment(ref _values);
    }

    private void HearError(string reference, string code)
    {
        if (code.Contains(' ', StringComparison.Ordinal))
            Condemn(code);
        else if (IsPrivate(reference) && code == ErrorCode.AccessDenied.Name())
            Interlocked.Increment(ref _refused);
        else
            Count(code);
    }

    private void Count(string error) => _errors.AddOrUpdate(error, 1, (_, count) => count + 1);
}
