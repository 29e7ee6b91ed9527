using Opx.Fuzz.Tests.Running;
using Opx.Fuzz.Tests.Targets;

namespace Opx.Fuzz.Tests;

/// <summary>Everything that reads bytes.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<Target> List { get; } =
    [
        .. Bodies.All,
        new ReferenceTarget(),
        new ValueTarget(),
        new PolicyTarget(),
        new ConfigurationTarget(),
        new EnvFileTarget(),
        new TemplateTarget(),
        new OpTemplateTarget(),
        new MaskerTarget(),
        new AuditLineTarget(),
        new AuditFileTarget(),
        new OpOutputTarget(),
        new OpMessageTarget(),
        new VaultJsonTarget(),
        new VaultSecretTarget(),
        new VaultAnswerTarget(),
        new FrameTarget(),
        new ProcTarget(),
        new DiskEntriesTarget(),
        new SealedFileTarget(),
        new HttpAnswerTarget(),
        new ClientAnswerTarget(),
        new CallbackTarget(),
        new OpxLineTarget(),
        new OpLineTarget(),
        new DaemonLineTarget(),
        new SocketTarget(),
    ];
}
