using System.Text;
using System.Text.Json;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>Logins for people. Leaves out what the daemon does not say.</summary>
internal static class LoginText
{
    /// <summary>After <c>opx login</c>.</summary>
    public static string Done(string backend, LoginResponse response)
    {
        var life = response.ExpiresInSeconds is { } seconds ? $" for {StatusText.Duration(seconds)}" : "";
        return $"signed in to {backend} by {Printable.Text(response.Method, 64)}{life}{(response.Renewable ? ", renewed by itself" : "")}";
    }

    /// <summary><c>signed in by approle (from references), 59m 10s left, renewable</c>.</summary>
    public static string Of(JsonElement login, bool isShort)
    {
        var text = new StringBuilder(Text(login, "state") switch
        {
            "signed_in" => "signed in",
            "signed_out" => "signed out",
            "failing" => "NOT SIGNED IN",
            var other => other,
        });
        if (Has(login, "method"))
            text.Append(" by ").Append(Text(login, "method"));
        if (Has(login, "from"))
            text.Append(" (").Append(Text(login, "from").Replace('_', ' ')).Append(')');
        if (login.TryGetProperty("expires_in_seconds", out var left) && left.ValueKind == JsonValueKind.Number && left.TryGetInt64(out var seconds))
            text.Append(", ").Append(StatusText.Duration(seconds)).Append(" left");
        if (login.TryGetProperty("renewable", out var renewable) && renewable.ValueKind == JsonValueKind.True)
            text.Append(", renewable");
        if (Has(login, "detail") && !isShort)
            text.Append(": ").Append(Text(login, "detail"));
        return text.ToString();
    }

    /// <summary>Of <c>opx login status</c>: a backend a line.</summary>
    public static string Of(JsonElement status)
    {
        var text = new StringBuilder();
        foreach (var backend in Backends(status))
        {
            text.Append(Text(backend, "name").PadRight(6)).Append(Of(backend.GetProperty("login"), isShort: false));
            if (Place(backend) is { Length: > 0 } place)
                text.Append("; ").Append(place);
            text.Append('\n');
        }

        return text.Length > 0 ? text.ToString() : "no backend that opx signs in to is in use\n";
    }

    /// <summary>The server and its namespace, as far as they are set.</summary>
    public static string Place(JsonElement backend)
    {
        var place = Has(backend, "address") ? Text(backend, "address") : "";
        return Has(backend, "namespace") ? $"{place}{(place.Length > 0 ? ", " : "")}namespace {Text(backend, "namespace")}" : place;
    }

    public static string Json(JsonElement status)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, ProtocolJson.Writing))
        {
            writer.WriteStartArray();
            foreach (var backend in Backends(status))
            {
                writer.WriteStartObject();
                foreach (var member in backend.EnumerateObject().Where(member => member.Name is "name" or "address" or "namespace" or "login"))
                    member.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static IEnumerable<JsonElement> Backends(JsonElement status) =>
        status.TryGetProperty("backends", out var backends) && backends.ValueKind == JsonValueKind.Array
            ? backends.EnumerateArray().Where(backend => backend.TryGetProperty("login", out var login) && login.ValueKind == JsonValueKind.Object)
            : [];

    private static bool Has(JsonElement element, string member) => element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String;

    private static string Text(JsonElement element, string member) => Has(element, member) ? Printable.Text(element.GetProperty(member).GetString()!) : "?";
}
