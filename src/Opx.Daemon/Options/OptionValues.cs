using System.Globalization;
using Opx.Protocol;

namespace Opx.Daemon.Options;

/// <summary>Values of options as text, the same on the command line, in the environment and in <c>config.json</c>.</summary>
internal static class OptionValues
{
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(3_650);

    /// <param name="culprit">Where the value stands, for the error.</param>
    public static BackendKind Backend(string text, string culprit) => text switch
    {
        "opcli" => BackendKind.OpCli,
        "vault" => BackendKind.Vault,
        "bao" => BackendKind.Bao,
        "multi" => BackendKind.Multi,
        "fake" => BackendKind.Fake,
        _ => throw Wrong(culprit, text, "is no backend: opcli, vault, bao, multi and fake are"),
    };

    public static string Name(this BackendKind kind) => kind switch
    {
        BackendKind.Vault => "vault",
        BackendKind.Bao => "bao",
        BackendKind.Multi => "multi",
        BackendKind.Fake => "fake",
        _ => "opcli",
    };

    public static bool Boolean(string text, string culprit) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Wrong(culprit, text, "must be true or false"),
    };

    /// <summary>A duration, or a plain number in the option's own unit.</summary>
    public static TimeSpan Duration(string text, TimeSpan unit, string culprit)
    {
        if (Protocol.Duration.Parse(text) is { } duration && duration <= LongestDuration)
            return duration;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= LongestDuration / unit
            ? unit * number
            : throw Wrong(culprit, text, "must be a number or a duration such as 90s, 15m or 8h");
    }

    /// <summary>A file's path, absolute.</summary>
    public static string Path(string text, string culprit) =>
        text.Length > 0 ? System.IO.Path.GetFullPath(text) : throw Wrong(culprit, text, "names no file");

    public const int MostDays = 36_500;

    /// <summary>A whole number of days.</summary>
    public static int Days(string text, string culprit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MostDays
            ? days
            : throw Wrong(culprit, text, $"must be a whole number of days, at most {MostDays}");

    private static OptionsException Wrong(string culprit, string text, string what) => new($"{culprit}: '{Printable.Text(text, 64)}' {what}");
}
