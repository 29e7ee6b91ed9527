using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>Copies the log for somebody who has no opx: the files as they are, what each checkpoint signed with its signature beside it, the
/// public key, and a script that checks them with <c>openssl</c> alone.</summary>
internal sealed class AuditExport(string source, string target)
{
    private const string Check =
        """
        #!/bin/sh
        # Checks an export of the audit log with openssl alone: sh check.sh [--records]
        # Every signature is one of a short text that names, in "prev", the hash of the record before it; that record names the one
        # before in its own "prev", and so on. With --records every record's hash is checked too: SHA-256 of its line without "hash".
        cd "$(dirname "$0")" || exit 1
        bad=0 signatures=0
        # What stood before the first record that was kept is gone.
        before=$(cat records/*.log | sed -n '1s/.*"prev":"\([0-9a-f]*\)".*/\1/p;1q')
        for text in signatures/*.txt; do
            [ -e "$text" ] || continue
            signatures=$((signatures + 1))
            if ! openssl dgst -sha256 -verify audit.pub -signature "${text%.txt}.sig" "$text" >/dev/null 2>&1; then
                echo "$text: the signature is not by the key in audit.pub"
                bad=1
                continue
            fi
            # The record that was signed must be there, with the hash that was signed.
            head=$(sed 's/.*"prev":"\([0-9a-f]*\)"}$/\1/' "$text")
            [ "$head" = "$before" ] || grep -qF "\"hash\":\"$head\"}" records/*.log || { echo "$text: the record it signs is missing"; bad=1; }
        done
        records=0
        if [ "${1-}" = --records ]; then
            prev=
            for file in records/*.log; do
                while IFS= read -r line; do
                    records=$((records + 1))
                    hash=${line##*,\"hash\":\"}
                    hash=${hash%\"\}}
                    found=$(printf '%s}' "${line%,\"hash\":*}" | openssl dgst -sha256 -r | cut -c1-64)
                    if [ "$hash" != "$found" ]; then
                        echo "$file: a record does not have the hash it carries: $line"
                        bad=1
                    fi
                    case $line in
                        *"\"prev\":\"${prev:-}"*) ;;
                        *) echo "$file: a record is not behind the one before it: $line"; bad=1 ;;
                    esac
                    prev=$hash
                done <"$file"
            done
        fi
        [ "$bad" = 0 ] && echo "$signatures signatures, $records records: all good"
        exit "$bad"

        """;

    private long _signatures;

    /// <returns>One line about what was exported.</returns>
    /// <exception cref="FailureException">The target is in use, or cannot be written.</exception>
    public string Run()
    {
        var shown = Printable.Text(target);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new FailureException(ExitCode.Failed, $"{shown} exists already and is not empty: name a new directory");
        var days = AuditFiles.Days(source);
        foreach (var folder in new[] { target, In("records"), In("signatures") })
            Directory.CreateDirectory(folder, PrivateDirectory.Mode);
        foreach (var day in days)
            Export(AuditFiles.DayFile(source, day));
        if (File.Exists(AuditFiles.PublicKeyFile(source)))
            Write("audit.pub", File.ReadAllBytes(AuditFiles.PublicKeyFile(source)));
        Write("check.sh", Encoding.ASCII.GetBytes(Check));
        return $"exported {days.Count} files and {_signatures} signatures to {shown}: 'sh check.sh' in it checks them with openssl\n";
    }

    private string In(string name) => Path.Combine(target, name);

    private void Export(string path)
    {
        using var file = AuditFiles.OpenRead(path);
        using var copy = new FileStream(In(Path.Combine("records", Path.GetFileName(path))), Creation());
        var lines = new AuditLineReader(file);
        while (lines.TryRead(out var line, out var end))
        {
            copy.Write(line);
            if (end != AuditLineEnd.Torn)
                copy.WriteByte((byte)'\n');
            if (end != AuditLineEnd.Whole || !AuditLine.TryOpen(line, out var link) || link.SignedText is not { } text)
                continue;
            if (Signature(link) is not { } signature)
                continue;
            _signatures++;
            Write($"signatures/{link.Seq:d12}.txt", text);
            Write($"signatures/{link.Seq:d12}.sig", signature);
        }
    }

    private static byte[]? Signature(AuditLink link)
    {
        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(link.Signature));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Write(string name, byte[] content)
    {
        using var file = new FileStream(In(name), Creation());
        file.Write(content);
    }

    private static FileStreamOptions Creation() =>
        new() { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode };
}
