using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Scripts.Tests.Tools.Chaos;

/// <summary>
/// Honest clients: connections that are kept and new ones, single reads, batches, past the cache and through it. A client that got no answer
/// connects again, as <c>opx</c> does with the next command.
/// </summary>
internal static class Callers
{
    private const int RequestsEach = 8;

    /// <param name="pause">Between two requests of a client.</param>
    public static Task<int> RunAsync(int clients, int seed, TimeSpan pause, string[] references) =>
        Loop.RunAsync(clients, seed, (paths, random, judge) => TalkAsync(paths, random, judge, pause, references));

    private static async Task TalkAsync(OpxPaths paths, Random random, Judge judge, TimeSpan pause, string[] references)
    {
        try
        {
            var token = await File.ReadAllTextAsync(paths.TokenFile);
            await using var client = await RawClient.ConnectAsync(paths);
            for (var left = random.Next(RequestsEach); left >= 0; left--)
            {
                var asked = random.Next(3) == 0 ? random.GetItems(references, 6).Distinct().ToArray() : random.GetItems(references, 1);
                await client.SendAsync(Request(token, asked, fresh: random.Next(16) == 0));
                judge.Hear(await client.ReceiveAsync(), asked);
                await Task.Delay(pause, TimeProvider.System);
            }
        }
        catch (Exception error) when (Nothing.Is(error))
        {
            judge.HearNothing();
            // Nobody is there: asking at once again would only keep the machine from bringing somebody.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public static string Request(string token, string[] references, bool fresh = false)
    {
        var words = $"{(references.Length == 1 ? $"\"ref\":\"{references[0]}\"" : $"\"refs\":[{string.Join(',', references.Select(reference => $"\"{reference}\""))}]")}";
        return RawClient.Request("POST", references.Length == 1 ? Routes.Read : Routes.Reads, token, $"{{{words}{(fresh ? ",\"fresh\":true" : "")}}}", "Content-Type: application/json");
    }
}
