start_daemon
bad() { api POST "$1" --data-binary "$2"; problem "${3:-400}" "${4:-bad_request}"; }
bad /v1/read ''
bad /v1/read '{'
bad /v1/read '[]'
bad /v1/read 'null'
bad /v1/read '"op://v/i/f"'
bad /v1/read '{}'
bad /v1/read '{"ref":7}'
bad /v1/read '{"ref":null}'
bad /v1/read '{"ref":"op://v/i/f","nonsense":1}'
bad /v1/read '{"ref":"op://v/i/f","ref":"op://v/i/g"}'
bad /v1/read '{"ref":"op://v/i/f","fresh":"yes"}'
bad /v1/read '{"ref":"op://v/i/f","flags":"--account=a"}'
bad /v1/read '{"ref":"op://v/i/f"} trailing'
bad /v1/read '{"ref":"op://v/i/f",}'
bad /v1/read '{"ref":"op://v/i/f" /* comment */}'
bad /v1/read '{"REF":"op://v/i/f"}'
bad /v1/reads '{"refs":"op://v/i/f"}'
bad /v1/reads '{"refs":[["op://v/i/f"]]}'
bad /v1/reads '{"refs":[1]}'
bad /v1/resolve '{"env":[]}'
bad /v1/resolve '{"env":{"A":"op://v/i/f","A":"op://v/i/g"}}'
bad /v1/resolve '{"env":{"A":{"B":"C"}}}'
bad /v1/invalidate '{"nonsense":true}'
bad /v1/invalidate '{"all":"true"}'

# Bytes that are not UTF-8, half a surrogate, a NUL.
printf '{"ref":"op://v/i/\377\376"}' >body
bad /v1/read @body
bad /v1/read '{"ref":"op://v/i/\ud800"}'
api POST /v1/read --data-binary '{"ref":"op://v/i/\u0000"}'
problem 400 unsupported_ref

# A thousand levels deep.
{ printf '{"ref":'; head -c 1000 /dev/zero | tr '\0' '['; head -c 1000 /dev/zero | tr '\0' ']'; printf '}'; } >body
bad /v1/read @body
{ printf '{"nonsense":'; head -c 100000 /dev/zero | tr '\0' '['; } >body
bad /v1/read @body
