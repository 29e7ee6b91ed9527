namespace Opx.Daemon.Secrets;

/// <summary>What makes two reads the same read: backend, account and reference. Two accounts, or two backends, never share a value.</summary>
internal sealed record SecretKey(string Backend, string? Account, string Reference);
