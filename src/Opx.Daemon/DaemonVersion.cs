namespace Opx.Daemon;

internal static class DaemonVersion
{
    public static string Text { get; } = typeof(DaemonVersion).Assembly.GetName().Version!.ToString(3);
}
