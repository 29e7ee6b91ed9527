using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// Frames between daemon and worker. One that is whole says the same when it is written again; one that is not ends the reading with what
/// ends a worker (<c>WorkerProcess</c>), and with nothing else.
/// </summary>
internal sealed class FrameTarget() : Target("frame", 5)
{
    public override byte[] Generate(Choices choices)
    {
        using var frame = new SecretBuffer();
        using var body = new SecretBuffer();
        body.Append(System.Text.Encoding.UTF8.GetBytes(Words.Text(choices)));
        switch (choices.Below(3))
        {
            case 0:
                Frame.Answer(frame, 7, new VaultAnswer { Status = choices.Of(200, 404, -1), ContentType = Text(choices), RetryAfter = Text(choices), Location = Text(choices), Body = body });
                break;
            case 1:
                using (var token = choices.Chance(50) ? SecretValue.CopyOf("hvs.x"u8) : null)
                    Frame.Request(frame, 7, new VaultRequest("GET", Words.Text(choices)) { UrlTail = choices.Chance(50) ? body : null, Token = token, Namespace = Text(choices), Body = choices.Chance(50) ? body : null });
                break;
            default:
                Frame.Trust(frame, new ServerTrust(Text(choices), Text(choices), Text(choices), choices.Chance(50)));
                break;
        }

        return Mutation.Some(frame.Bytes.ToArray(), choices);
    }

    public override void Check(byte[] input)
    {
        if (input.Length < Frame.HeaderBytes)
            return;
        var fields = input.AsSpan(Frame.HeaderBytes);
        if (Read(fields, Answer) is var answer && answer is not null)
            Oracle.SameBytes(answer, Read(answer, Answer), "an answer, written again");
        if (Read(fields, Request) is var request && request is not null)
            Oracle.SameBytes(request, Read(request, Request), "a request, written again");
        if (Read(fields, Trust) is var trust && trust is not null)
            Oracle.SameBytes(trust, Read(trust, Trust), "whom to trust, written again");
    }

    private delegate void Copy(ref FrameReader reader, SecretBuffer into);

    // The fields as they are written again; null for what cannot be read.
    private static byte[]? Read(ReadOnlySpan<byte> fields, Copy copy)
    {
        using var again = new SecretBuffer();
        try
        {
            var reader = new FrameReader(fields);
            copy(ref reader, again);
            return again.Bytes[Frame.HeaderBytes..].ToArray();
        }
        catch (Exception malformed) when (malformed is ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static void Answer(ref FrameReader reader, SecretBuffer into)
    {
        using var answer = Frame.Answer(ref reader);
        Frame.Answer(into, 7, answer);
    }

    private static void Request(ref FrameReader reader, SecretBuffer into)
    {
        var request = Frame.Request(ref reader);
        using var token = request.Token;
        using var tail = request.UrlTail;
        using var body = request.Body;
        Frame.Request(into, 7, request);
    }

    private static void Trust(ref FrameReader reader, SecretBuffer into) => Frame.Trust(into, Frame.Trust(ref reader));

    private static string? Text(Choices choices) => choices.Chance(50) ? Words.Text(choices) : null;
}
