namespace Opx.Cli.Auditing;

/// <summary>The script in an export. Everything is checked, and nothing but <c>openssl</c> and what POSIX has is needed.</summary>
internal static class AuditCheckScript
{
    public const string Text =
        """
        #!/bin/sh
        # Checks an export of the audit log with openssl alone: sh check.sh
        # Each record carries "hash", the SHA-256 of its line without that member, and in "prev" the hash of the record before it. Each
        # CHECKPOINT carries a signature of its line without "signature" and "hash"; signatures/ has that text and the signature of each.
        # What stands behind the last signature is chained but not signed.
        LC_ALL=C
        export LC_ALL
        unset CDPATH
        cd "$(dirname "$0")" || exit 1
        # Two thousand small files, written again and again: in memory where that can be had.
        place=${TMPDIR:-/tmp}
        [ -n "${TMPDIR-}" ] || [ ! -w /dev/shm ] || place=/dev/shm
        work=$place/opx-check.$$
        export work
        (umask 077 && mkdir "$work") || exit 1
        trap 'rm -rf "$work"' EXIT
        trap 'exit 1' HUP INT TERM
        bad=0
        fault() {
            echo "$1"
            bad=1
        }

        set -- records/*.log
        [ -e "$1" ] || { echo "records: there are none"; exit 1; }
        for file; do
            [ ! -s "$file" ] || [ "$(tail -c 1 "$file" | wc -l)" -eq 1 ] || fault "$file: something that is no line stands at its end"
        done
        : >"$work/checkpoints"
        awk '
        function fault(what) {
            print FILENAME ":" FNR ": " what
            bad = 1
        }
        # The hashes of many records by one openssl.
        function hash_them(  line, number, seen) {
            if (!waiting)
                return
            seen = 0
            system("cd \"$work\" && openssl dgst -sha256 -r" names " >sums")
            while ((getline line < sums) > 0) {
                number = substr(line, length(line) - 5) + 0
                seen++
                if (substr(line, 1, 64) != carried[number]) {
                    print place[number] ": the record does not have the hash it carries"
                    bad = 1
                }
            }
            close(sums)
            if (seen != waiting)
                fault("openssl did not hash the records before this one")
            waiting = 0
            names = ""
        }
        function not_a_record() {
            if (substr($0, 1, 14) == "{\"timestamp\":\"")
                torn[++halves] = FILENAME ":" FNR
            else
                fault("not a record")
        }
        BEGIN { sums = ENVIRON["work"] "/sums"; checkpoints = ENVIRON["work"] "/checkpoints"; last = 0 }
        {
            size = length($0)
            hash = substr($0, size - 65, 64)
            if (size < 200 || substr($0, size - 74, 9) != ",\"hash\":\"" || substr($0, size - 1) != "\"}" || hash ~ /[^0-9a-f]/) {
                not_a_record()
                next
            }
            text = signed = substr($0, 1, size - 75)
            is_checkpoint = substr($0, 40, 22) == ",\"event\":\"CHECKPOINT\","
            is_daemon = substr($0, 40, 18) == ",\"event\":\"DAEMON\","
            has_signature = is_checkpoint && match(text, /,"signature":"[A-Za-z0-9+\/=]*"$/)
            if (has_signature)
                signed = substr(text, 1, RSTART - 1)
            size = length(signed)
            prev = substr(signed, size - 64, 64)
            end = substr(signed, size - 105, 32)
            if (substr(signed, size - 73, 9) != ",\"prev\":\"" || substr(signed, size) != "\"" || !match(end, /,"seq":[0-9]+$/)) {
                not_a_record()
                next
            }
            seq = substr(end, RSTART + 7) + 0
            records++
            # Half a record is what a crash leaves, where the daemon starts anew behind it and nothing is missing.
            for (i = 1; i <= halves; i++) {
                if (!is_daemon || seq != last + 1) {
                    print torn[i] ": not a record"
                    bad = 1
                }
            }
            halves = 0
            # The same files over and over: making new ones is what takes long.
            short = sprintf("r%06d", ++waiting)
            names = names " " short
            file = ENVIRON["work"] "/" short
            printf "%s}", text > file
            close(file)
            carried[waiting] = hash
            place[waiting] = FILENAME ":" FNR
            if (waiting == 2000)
                hash_them()
            if (records == 1) {
                begin = seq
                if (seq == 1 && prev ~ /[^0]/)
                    fault("the first record names one before it")
            } else {
                if (seq != last + 1)
                    fault("record " seq " stands behind record " last)
                if (prev != before)
                    fault("record " seq " is not chained to the one before it")
            }
            last = seq
            before = hash
            if (is_daemon && index(text, ",\"outcome\":\"log_damaged\",\"seq\":"))
                fault("opx-authd found the log damaged, and says so in record " seq)
            if (!is_checkpoint)
                next
            if (!has_signature || !match(signed, /,"first":[0-9]+,"seq":/)) {
                fault("a checkpoint without signature")
                next
            }
            first = substr(signed, RSTART + 9) + 0
            name = sprintf("signatures/%012d", seq)
            found = ""
            if ((getline found < (name ".txt")) < 1 || found != signed "}" || (getline more < (name ".txt")) > 0)
                fault(name ".txt is missing, or not what this checkpoint signs")
            close(name ".txt")
            print name > checkpoints
            signatures++
            by_signature = seq
        }
        END {
            hash_them()
            for (i = 1; i <= halves; i++) {
                print torn[i] ": not a record"
                bad = 1
            }
            if (!signatures)
                fault("there is no signature at all")
            else if (begin > first)
                fault("the log begins with record " begin " and the last signature says " first)
            print records + 0, last - by_signature > (ENVIRON["work"] "/totals")
            exit bad
        }' "$@" || bad=1
        [ -s "$work/totals" ] || fault "the records could not be read"

        signatures=0
        while read -r name; do
            signatures=$((signatures + 1))
            openssl dgst -sha256 -verify audit.pub -signature "$name.sig" "$name.txt" >/dev/null 2>&1 ||
                fault "$name.txt: the signature is not by the key in audit.pub"
        done <"$work/checkpoints"
        for file in signatures/*; do
            [ ! -e "$file" ] || grep -qxF "${file%.*}" "$work/checkpoints" || fault "$file: the record it signs is missing"
        done
        read -r records behind <"$work/totals"
        [ "$bad" -ne 0 ] || echo "$signatures signatures, $records records, $behind of them behind the last signature: all good"
        exit "$bad"

        """;
}
