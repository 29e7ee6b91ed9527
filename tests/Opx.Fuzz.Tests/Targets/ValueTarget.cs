using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Options;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Values of options: durations, numbers, addresses, names.</summary>
internal sealed class ValueTarget() : Target("values", 6)
{
    public override byte[] Generate(Choices choices) => choices.Below(3) switch
    {
        0 => Mutation.Some(Encoding.UTF8.GetBytes($"{choices.Of("1w", "", "")}{choices.Of("2d", "8h", "")}{choices.Of("30m", "90s", "0s", "999999999w")}"), choices),
        1 => Mutation.Some(Encoding.UTF8.GetBytes(choices.Of("https://vault.example:8200", "http://127.0.0.1:8200/", "http://[::1]:1", "https://a/b/", "http://localhost", "https://u:p@h", "ftp://x")), choices),
        _ => Mutation.Some(Encoding.UTF8.GetBytes(Words.Piece(choices)), choices),
    };

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var duration = PlainDuration(text);
        Oracle.Same(duration, Duration.Parse(text), "the duration");
        // What no argument and no variable can hold.
        if (!text.Contains('\0'))
            CheckOption(text, duration);
        Oracle.Same(Regex.IsMatch(text, @"\A[A-Za-z_][A-Za-z0-9_]*\z"), VariableName.IsValid(text), "whether it is a variable's name");
        Oracle.Same(Regex.IsMatch(text, @"\A[A-Za-z0-9._@:/][A-Za-z0-9._@:/-]{0,127}\z"), Account.IsValid(text), "whether it is an account");
        if (VaultAddress.Parse(text, out var why) is { } address)
            CheckAddress(text, address);
        else
            Oracle.IsFit(why);
        var shown = Printable.Text(text, 64);
        Oracle.Holds(shown.Length <= 64 + 12 && !shown.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format), $"shown as '{shown}'");
        Oracle.Holds(text.Length > 64 || !Regex.IsMatch(text, @"\A[ -~]*\z") || shown == text, $"plain text shown as '{shown}'");
    }

    private static TimeSpan? PlainDuration(string text)
    {
        var match = Regex.Match(text, @"\A(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?\z");
        if (!match.Success || text.Length == 0)
            return null;
        int[] seconds = [604_800, 86_400, 3_600, 60, 1];
        var total = seconds.Select((each, i) => match.Groups[i + 1].Success ? BigInteger.Parse(match.Groups[i + 1].Value) * each : 0).Aggregate(BigInteger.Add);
        return total <= (BigInteger)(TimeSpan.MaxValue.TotalSeconds / 10) ? TimeSpan.FromSeconds((long)total) : null;
    }

    private static void CheckOption(string text, TimeSpan? duration)
    {
        var unit = TimeSpan.FromHours(1);
        TimeSpan? plain = duration <= OptionValues.LongestDuration ? duration
            : Regex.IsMatch(text, @"\A[0-9]*\.?[0-9]*\z") && double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number * unit.TotalDays <= 3_650 ? unit * number : null;
        Oracle.Same(plain, Refused(() => OptionValues.Duration(text, unit, "--ttl")), "the option's duration");
        int? days = Regex.IsMatch(text, @"\A[0-9]+\z") && BigInteger.Parse(text) <= 36_500 ? int.Parse(text) : null;
        Oracle.Same(days, Refused(() => OptionValues.Days(text, "--days")), "the days");
        bool? flag = text switch { "true" or "1" => true, "false" or "0" => false, _ => null };
        Oracle.Same(flag, Refused(() => OptionValues.Boolean(text, "--flag")), "the flag");
    }

    private static T? Refused<T>(Func<T> read)
        where T : struct
    {
        try
        {
            return read();
        }
        catch (OptionsException refusal)
        {
            Oracle.IsFit(refusal.Message);
            return null;
        }
    }

    private static void CheckAddress(string text, VaultAddress address)
    {
        var uri = new Uri(address.Text);
        Oracle.Holds(uri.Scheme == "https" || uri.IsLoopback, $"'{text}' goes unencrypted to {uri.Host}");
        Oracle.Holds(uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0, $"'{text}' holds more than an address");
        Oracle.Holds(address.Text.All(c => c > ' ' && !char.IsControl(c)), $"'{address.Text}' is no address on one line");
        Oracle.Same(address, VaultAddress.Parse(address.Text, out _), "its own text");
        Oracle.Same(null, address.Follow(address.Url("secret/a"), "https://elsewhere.example/v1/secret/a"), "where it sends us on to");
    }
}
