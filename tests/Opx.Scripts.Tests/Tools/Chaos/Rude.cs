using System.Text;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Scripts.Tests.Tools.Chaos;

/// <summary>Clients as nobody wants them, one kind after the other by chance. Where one of them gets an answer it is judged like any other.</summary>
internal static class Rude
{
    private static readonly Func<Client, Task>[] Kinds =
        [StallAsync, TrickleAsync, CloseHalfAsync, CutHandshakeAsync, PipelineAsync, TalkNonsenseAsync, NeverReadAsync, GuessAsync, ResetAsync];

    public static Task<int> RunAsync(int clients, int seed, string[] references) => Loop.RunAsync(clients, seed, async (paths, random, judge) =>
    {
        try
        {
            var token = await File.ReadAllTextAsync(paths.TokenFile);
            await Kinds[random.Next(Kinds.Length)](new Client(paths, random, judge, token, random.GetItems(references, 1)[0]));
        }
        catch (Exception error) when (Nothing.Is(error))
        {
            // They have no right to an answer.
        }
    });

    private static async Task StallAsync(Client client)
    {
        using var socket = RawClient.ConnectSocket(client.Paths.SocketPath);
        await client.WaitAsync(2_000);
    }

    private static async Task TrickleAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        var request = Encoding.UTF8.GetBytes(client.Request);
        for (var at = 0; at < Math.Min(3, request.Length); at++)
        {
            await connection.SendAsync(request.AsMemory(at, 1));
            await client.WaitAsync(1_000, exactly: true);
        }
    }

    private static async Task CloseHalfAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        await connection.SendAsync(client.Request);
        await connection.CloseSendingAsync(withAlert: client.Random.Next(2) == 0);
        client.Judge.Hear(await connection.ReceiveAsync(), client.Reference);
    }

    private static async Task CutHandshakeAsync(Client client)
    {
        var left = client.Random.Next(1, 900);
        await using var connection = await RawClient.ConnectAsync(client.Paths, around: stream => new CutStream(stream, left));
        await connection.SendAsync(client.Request);
    }

    private static async Task PipelineAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        string[] asked = [.. Enumerable.Range(0, 20).Select(number => number % 4 == 0 ? client.Reference : $"op://v/i{number}/f")];
        await connection.SendAsync(string.Concat(asked.Select(reference => Callers.Request(client.Token, [reference]))));
        foreach (var reference in asked)
            client.Judge.Hear(await connection.ReceiveAsync(), reference);
    }

    private static async Task TalkNonsenseAsync(Client client)
    {
        var nonsense = new byte[client.Random.Next(1, 70_000)];
        client.Random.NextBytes(nonsense);
        if (client.Random.Next(2) == 0)
        {
            using var socket = RawClient.ConnectSocket(client.Paths.SocketPath);
            await socket.SendAsync(nonsense);
            return;
        }

        await using var connection = await RawClient.ConnectAsync(client.Paths);
        await connection.SendAsync(nonsense);
        await connection.ReceiveEndAsync();
    }

    private static async Task NeverReadAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        for (var i = 0; i < 50; i++)
            await connection.SendAsync(client.Request).WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
        await client.WaitAsync(1_000);
    }

    private static async Task GuessAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        await connection.SendAsync(Callers.Request(new string('0', 64), [client.Reference]));
        if (await connection.ReceiveAsync() is { Status: 200 } answer)
            client.Judge.Condemn($"answered without the token: {answer.Text}");
    }

    private static async Task ResetAsync(Client client)
    {
        await using var connection = await RawClient.ConnectAsync(client.Paths);
        await connection.SendAsync(client.Request[..client.Random.Next(client.Request.Length)]);
        connection.Vanish();
    }

    private sealed record Client(OpxPaths Paths, Random Random, Judge Judge, string Token, string Reference)
    {
        public string Request => Callers.Request(Token, [Reference]);

        public Task WaitAsync(int most, bool exactly = false) =>
            Task.Delay(TimeSpan.FromMilliseconds(exactly ? most : Random.Next(most)), TimeProvider.System);
    }
}
