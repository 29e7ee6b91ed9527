using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Opx.Policy.Loading;

namespace Opx.Policy.Editing;

/// <summary>A rule as it is written into the file: on one line, its fields in one order, <c>refs</c> behind who may use them.</summary>
public static class RuleText
{
    // Letters of all languages as they are; what could hide or turn a text is escaped.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(Shown());

    public static string Of(PolicyRule rule)
    {
        var text = new StringBuilder("{ ");
        Add("path", rule.Path);
        Add("script", rule.Script);
        Add("sha256", rule.Sha256);
        Add("path_sha256", rule.PathSha256);
        AddRaw("pid", rule.ProcessId?.ToString());
        AddRaw("uid", rule.UserId?.ToString());
        AddRaw("gid", rule.GroupId?.ToString());
        AddAll("parents", rule.Parents);
        AddAll("forbidden_parents", rule.ForbiddenParents);
        AddRaw("require_signed", rule.RequireSigned ? "true" : null);
        Add("team_id", rule.TeamId);
        AddAll("refs", rule.Refs);
        Add("description", rule.Description);
        Add("created_at", rule.CreatedAt is { } created ? Rfc3339.Text(created) : null);
        Add("created_by", rule.CreatedBy);
        Add("expires_at", rule.ExpiresAt is { } expires ? Rfc3339.Text(expires) : null);
        return text.Append(" }").ToString();

        void Add(string field, string? value) => AddRaw(field, value is null ? null : Quoted(value));

        void AddAll(string field, IReadOnlyList<string> values) =>
            AddRaw(field, values.Count == 0 ? null : $"[{string.Join(", ", values.Select(Quoted))}]");

        void AddRaw(string field, string? value)
        {
            if (value is not null)
                text.Append(text.Length > 2 ? ", \"" : "\"").Append(field).Append("\": ").Append(value);
        }
    }

    private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value, Encoder)}\"";

    private static TextEncoderSettings Shown()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidRanges(
            UnicodeRange.Create('\u00ad', '\u00ad'),
            UnicodeRange.Create('\u061c', '\u061c'),
            UnicodeRange.Create('\u200b', '\u200f'),
            UnicodeRange.Create('\u2028', '\u202e'),
            UnicodeRange.Create('\u2060', '\u206f'),
            UnicodeRange.Create('\ufeff', '\ufeff'));
        return settings;
    }
}
