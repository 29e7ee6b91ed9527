start_daemon
# Over 1 MiB, announced and chunked.
{ printf '{"ref":"op://v/i/'; head -c 1100000 /dev/zero | tr '\0' a; printf '"}'; } >body
api POST /v1/read --data-binary @body
problem 413 too_large
api POST /v1/read -H 'Transfer-Encoding: chunked' --data-binary @body
problem 413 too_large

# Over 1,000 references; 1,000 are fine.
many() { awk -v n="$1" 'BEGIN { printf "{\"refs\":["; for (i = 1; i <= n; i++) printf "%s\"op://v/i/f%d\"", (i > 1 ? "," : ""), i; printf "]}" }' >body; }
many 1001
api POST /v1/reads --data-binary @body
problem 413 too_large
many 1000
api POST /v1/reads --data-binary @body
answers 200
body_has "$(fake op://v/i/f1000)"
one_daemon
