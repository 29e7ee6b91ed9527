using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Opx.Client;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Diagnosis;

/// <summary>The socket, and the certificate by which the daemon behind it is known.</summary>
internal static class SocketChecks
{
    /// <param name="isWaiting">systemd listens for a daemon that does not run: whoever connects starts it.</param>
    public static IEnumerable<Finding> Of(ClientOptions options, bool isWaiting, DateTimeOffset now)
    {
        var (paths, finding) = (options.Paths, Socket(options.Paths.SocketPath, options.UserId, isWaiting));
        yield return finding.Finding;
        yield return Certificate(paths, finding.IsServed, now);
    }

    private static (Finding Finding, bool IsServed) Socket(string path, uint owner, bool isWaiting)
    {
        const string check = "socket";
        var shown = Printable.Text(path);
        if (OpxPaths.SocketPathFault(path) is { } fault)
            return (Finding.Fault(check, fault, $"set {EnvironmentNames.SocketPath} to a shorter path"), false);
        if (FileStatus.Of(path) is not { } status)
            return (Finding.Good(check, $"{shown} is not there: no daemon runs"), false);
        if (!status.IsSocket)
            return (Finding.Fault(check, $"{shown} is not a socket", $"mv {shown} {shown}.old"), false);
        if (status.Owner != owner)
            return (Finding.Fault(check, $"{shown} belongs to user {status.Owner}, not to you ({owner})", $"sudo rm {shown}"), false);
        if (isWaiting)
            return (Finding.Good(check, $"systemd listens on {shown}"), false);
        if (Answers(path))
            return (Finding.Good(check, $"somebody listens on {shown}"), true);
        return (Finding.Fault(check, $"nobody listens on {shown} any more", $"rm {shown}", () =>
        {
            File.Delete(path);
            return $"removed {shown}";
        }), false);
    }

    private static bool Answers(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException error)
        {
            // Somebody who is too busy is somebody.
            return error.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    private static Finding Certificate(OpxPaths paths, bool isServed, DateTimeOffset now)
    {
        const string check = "certificate";
        var shown = Printable.Text(paths.CertificateFile);
        if (!File.Exists(paths.CertificateFile))
            return Finding.Good(check, $"{shown} is not there yet: the daemon makes it");
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(paths.CertificateFile));
            var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            if (ends > now && File.Exists(paths.KeyFile))
                return Finding.Good(check, $"{shown} is good until {ends:yyyy-MM-dd}");
            return Renewable(check, ends > now ? $"{shown} has no key beside it" : $"{shown} ended on {ends:yyyy-MM-dd}", paths, isServed);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return Renewable(check, $"{shown} holds no certificate", paths, isServed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(check, $"{shown} cannot be read: {Printable.Text(error.Message)}", $"chmod 0600 {shown}");
        }
    }

    // A daemon that runs is known by the one it has: then both go together.
    private static Finding Renewable(string check, string reason, OpxPaths paths, bool isServed) => isServed
        ? Finding.Fault(check, reason, $"rm {Printable.Text(paths.CertificateFile)} && opx daemon restart")
        : Finding.Fault(check, reason, $"rm {Printable.Text(paths.CertificateFile)}: the next daemon makes a new one", () =>
        {
            File.Delete(paths.CertificateFile);
            File.Delete(paths.KeyFile);
            return "removed the certificate: the next daemon makes a new one";
        });
}
