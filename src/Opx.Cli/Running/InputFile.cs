using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>A file that a person names, read whole and bounded: it may be a pipe, or a device that never ends.</summary>
internal static class InputFile
{
    /// <summary>Of an env file or a template.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    /// <param name="what">For the message: <c>an env file</c>.</param>
    /// <exception cref="FailureException">It is larger than <see cref="MostBytes"/>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string path, string what)
    {
        using var file = File.OpenRead(path);
        return Read(file.Read, Printable.Text(path), what);
    }

    /// <summary>All of standard input.</summary>
    public static byte[] ReadStandard(string what) => Read(StandardStreams.ReadInput, "standard input", what);

    private static byte[] Read(Source source, string shown, string what)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = source(buffer)) > 0;)
        {
            if (content.Length + read > MostBytes)
                throw new FailureException(ExitCode.Usage, $"{shown}: is larger than {MostBytes / (1024 * 1024)} MiB, which is the limit of {what}");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private delegate int Source(Span<byte> into);
}
