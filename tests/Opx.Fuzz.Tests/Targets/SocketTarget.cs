using System.Buffers;
using System.Text;
using System.Text.Json;
using Opx.Daemon.Backends;
using Opx.Daemon.Secrets;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// A request through the real socket, TLS and Kestrel. <c>@</c> stands for the token and <c>^</c> for the body's length. Whatever it is,
/// an answer comes or the connection ends; the answer is what the readers in process say, and the daemon goes on.
/// </summary>
internal sealed class SocketTarget() : Target("socket", 1)
{
    private static readonly ThreadLocal<Scene> Here = new(() => new Scene());

    public override TimeSpan Patience => TimeSpan.FromSeconds(20);

    public override long MostAllocated(int inputBytes) => 20_000_000 + (2_000L * inputBytes);

    public override byte[] Generate(Choices choices)
    {
        var (path, body) = choices.Below(5) switch
        {
            0 => (Routes.Read, JsonMaker.Document(choices, maker => Bodies.Read(maker, choices))),
            1 => (Routes.Reads, JsonMaker.Document(choices, maker => Bodies.Reads(maker, choices))),
            2 => (Routes.Resolve, JsonMaker.Document(choices, maker => Bodies.Resolve(maker, choices))),
            3 => (Routes.Invalidate, JsonMaker.Document(choices, maker => Bodies.Invalidate(maker, choices))),
            _ => (Routes.Login, JsonMaker.Document(choices, maker => Bodies.Login(maker, choices))),
        };
        var head = $"POST {path} HTTP/1.1\r\nHost: unix\r\n{Routes.TokenHeader}: @\r\nContent-Length: ^\r\n";
        if (choices.Chance(20))
            head += choices.Of("X-A: b\r\n", "Transfer-Encoding: chunked\r\n", "Content-Type: text/xml\r\n", "Expect: 100-continue\r\n", "Origin: http://x\r\n", "Content-Length: 3\r\n", "Connection: close\r\n", "Host: evil\r\n", $"{Words.Text(choices)}\r\n");
        byte[] whole = [.. choices.Chance(15) ? Mutation.One(Encoding.UTF8.GetBytes(head), choices) : Encoding.UTF8.GetBytes(head), .. "\r\n"u8, .. body];
        return whole;
    }

    public override void Check(byte[] input)
    {
        var end = input.AsSpan().IndexOf("\r\n\r\n"u8);
        var body = end < 0 ? [] : input[(end + 4)..];
        var scene = Here.Value!;
        var head = Encoding.Latin1.GetString(input, 0, end < 0 ? input.Length : end + 4).Replace("@", scene.Daemon.Token).Replace("^", body.Length.ToString());
        byte[] request = [.. Encoding.Latin1.GetBytes(head), .. body];
        if (!IsPlain(head, body.Length, out var path))
        {
            scene.Throw(request);
            return;
        }

        var answer = scene.Ask(request);
        Oracle.Holds(answer.Status is 200 or (>= 400 and < 500) or 502 or 503, $"status {answer.Status}: {answer.Text}");
        Oracle.Holds(!answer.Text.Contains(scene.Daemon.Token, StringComparison.Ordinal) && !(Secret.IsOnlyValueIn(body) && answer.Text.Contains(Secret.Text, StringComparison.Ordinal)), "a secret in an answer");
        using var json = PlainJson.Parse(answer.Body);
        Oracle.Holds(json is not null, "an answer that is no JSON");
        if (answer.Status != 200)
            Oracle.Holds(Problem.Read(answer.Body) is { Detail.Length: > 0 } problem && problem.Code != ErrorCode.Internal, $"no problem: {answer.Text}");
        var fault = path switch
        {
            Routes.Read => ReadRequest.Parse(new ReadOnlySequence<byte>(body)).Problem,
            Routes.Reads => ReadsRequest.Parse(new ReadOnlySequence<byte>(body)).Problem,
            Routes.Resolve => ResolveRequest.Parse(new ReadOnlySequence<byte>(body)).Problem,
            Routes.Invalidate => InvalidateRequest.Parse(new ReadOnlySequence<byte>(body)).Problem,
            _ => null,
        };
        if (fault is not null)
            Oracle.Same(fault.Code.Status(), answer.Status, "the status of a malformed body");
        else if (answer.Status == 200)
            CheckValues(path, json!.RootElement);
    }

    // What each reference came to: its own text, or an error beside an empty value.
    private static void CheckValues(string path, JsonElement root)
    {
        if (path == Routes.Read)
            Oracle.Same("v:" + root.GetProperty("ref").GetString(), root.GetProperty("value").GetString(), "the value");
        foreach (var result in path == Routes.Reads ? root.GetProperty("results").EnumerateObject().ToList() : [])
        {
            var isFailed = SecretReference.Parse(result.Name, out _) is null;
            Oracle.Same(isFailed, result.Value.TryGetProperty("error", out _), $"whether '{result.Name}' failed");
            Oracle.Same(isFailed ? "" : "v:" + result.Name, result.Value.GetProperty("value").GetString(), $"the value of '{result.Name}'");
        }
    }

    // A head that Kestrel cannot take for anything but what it is.
    private static bool IsPlain(string head, int length, out string path)
    {
        var lines = head.Split("\r\n");
        path = lines[0].Split(' ') is ["POST", var target, "HTTP/1.1"] && target is Routes.Read or Routes.Reads or Routes.Resolve or Routes.Invalidate or Routes.Login ? target : "";
        return path.Length > 0 && lines is [_, "Host: unix", var token, var stated, "", ""] && stated == $"Content-Length: {length}" && token.StartsWith(Routes.TokenHeader + ": ", StringComparison.Ordinal)
            && token.Length == Routes.TokenHeader.Length + 66;
    }

    private sealed class Scene
    {
        private RawClient? _client;

        public Scene()
        {
            Daemon = DaemonUnderTest.StartAsync(new Echo()).GetAwaiter().GetResult();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Daemon.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        public DaemonUnderTest Daemon { get; }

        public RawResponse Ask(byte[] request)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    _client ??= Daemon.ConnectAsync().GetAwaiter().GetResult();
                    _client.SendAsync(request).GetAwaiter().GetResult();
                    return _client.ReceiveAsync().GetAwaiter().GetResult();
                }
                catch (IOException) when (attempt == 0)
                {
                    // The answer before ended it.
                    _client = null;
                }
            }
        }

        /// <summary>Bytes of any kind, and away. Somebody else is served all the same.</summary>
        public void Throw(byte[] bytes)
        {
            var client = Daemon.ConnectAsync().GetAwaiter().GetResult();
            try
            {
                client.SendAsync(bytes).GetAwaiter().GetResult();
            }
            catch (IOException)
            {
                // Refused before it was all said.
            }

            client.Vanish();
            Oracle.Same(200, Ask(Encoding.ASCII.GetBytes(RawClient.Request("GET", Routes.Status, Daemon.Token, null))).Status, "the status that somebody else gets");
        }
    }

    private sealed class Echo : ISecretBackend
    {
        public string Name => "fake";

        public int ConcurrentBatches => 4;

        public Task<IReadOnlyList<BackendOutcome>> ReadAsync(BackendBatch batch, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<BackendOutcome>>(
            [.. batch.References.Select(reference => BackendOutcome.Of(SecretValue.CopyOf(Encoding.UTF8.GetBytes("v:" + reference.Text))))]);

        public Task<BackendFailure?> CheckSignInAsync(string? account, CancellationToken cancellation) => Task.FromResult<BackendFailure?>(null);

        public BackendStatus Status() => new(Name, "ready", null, 0, 0, 0, 0);
    }
}
