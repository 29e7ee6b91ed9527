using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary>Reads env files for <c>run</c> and <c>resolve</c>.</summary>
internal static class EnvFileOption
{
    public static Option<string[]> Create() => new("--env-file")
    {
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        Description = "Set the variables of a dotenv file; repeatable.",
    };

    /// <summary>The assignments of all files in order; a later file sees the variables of an earlier one.</summary>
    /// <exception cref="FailureException">A file cannot be read or understood.</exception>
    public static List<Assignment> Load(IEnumerable<string> files, IReadOnlyList<byte[]> environment)
    {
        var values = new Dictionary<string, byte[]>();
        var assignments = new List<Assignment>();
        foreach (var file in files)
        {
            foreach (var (name, value, line) in EnvFile.Parse(Bytes(file), file, LookUp))
            {
                values[name] = value;
                assignments.Add(Assignment.FromFile(name, value, out var why)
                    ?? throw new FailureException(
                        ExitCode.Usage, $"{Printable.Text(file)}:{line}: the value of {name} begins like a reference, but {why}"));
            }
        }

        return assignments;

        byte[]? LookUp(string name) => values.TryGetValue(name, out var value) ? value : ChildEnvironment.Value(environment, name);
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            return InputFile.Read(file, "an env file");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FailureException(ExitCode.Usage, $"{Printable.Text(file)}: there is no such file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FailureException(ExitCode.Usage, $"{Printable.Text(file)}: cannot be read: {Printable.Text(error.Message)}");
        }
    }
}
