using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Client;

/// <summary>The bytes of the <c>token</c> file.</summary>
internal static class DaemonToken
{
    private const int MostBytes = 256;

    /// <summary>Null where no daemon has made one yet, or it is not as it has to be: <see cref="Read"/> says how.</summary>
    public static byte[]? IfThere(OpxPaths paths, uint userId)
    {
        try
        {
            return Read(paths, userId);
        }
        catch (Exception error) when (error is DaemonUnreachableException or OpxPathException or IOException)
        {
            return null;
        }
    }

    /// <exception cref="DaemonUnreachableException">There is none, or the file holds something that cannot stand in a header.</exception>
    /// <exception cref="OpxPathException">The file is another's or open to others.</exception>
    public static byte[] Read(OpxPaths paths, uint userId)
    {
        var shown = Printable.Text(paths.TokenFile);
        var token = PrivateFile.Read(paths.TokenFile, userId)
            ?? throw new DaemonUnreachableException($"there is no {shown}: run opx daemon restart", false);
        return token.Length is > 0 and <= MostBytes && !token.AsSpan().ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? token
            : throw new DaemonUnreachableException($"{shown} holds no token: run opx daemon restart", false);
    }
}
