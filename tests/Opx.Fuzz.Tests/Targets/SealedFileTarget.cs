using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Opx.TestKit;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>The sealed file itself: as it was written it opens, with one bit changed it is nothing.</summary>
internal sealed class SealedFileTarget() : Target("sealed-file", 1)
{
    private static readonly ThreadLocal<Scene> Here = new(() => new Scene());

    public override byte[] Generate(Choices choices) => Mutation.Some([.. Here.Value!.Whole], choices);

    public override void Check(byte[] input)
    {
        var scene = Here.Value!;
        PrivateFile.Write(scene.Path, input);
        using var content = Read(scene.File);
        Oracle.Same(input.AsSpan().SequenceEqual(scene.Whole), content is not null, "whether it opens");
        if (content is not null)
            Oracle.SameBytes("what is sealed"u8, content.Bytes, "what was sealed");
    }

    private static SecretBuffer? Read(SealedFile file)
    {
        try
        {
            return file.Read();
        }
        catch (InvalidDataException damaged)
        {
            Oracle.IsFit(damaged.Message);
            return null;
        }
    }

    private sealed class Scene
    {
        public Scene()
        {
            var home = new TemporaryHome();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => home.Dispose();
            Path = home.In("cache.sealed");
            var owner = ProcessIdentity.EffectiveUserId();
            File = new SealedFile(Path, owner, new KeyFile(home.In("cache.key"), owner));
            using var content = new SecretBuffer();
            content.Append("what is sealed"u8);
            File.TryWrite(content, TimeSpan.FromHours(1));
            Whole = System.IO.File.ReadAllBytes(Path);
        }

        public string Path { get; }

        public SealedFile File { get; }

        public byte[] Whole { get; }
    }
}
