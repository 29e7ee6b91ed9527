program "$PWD/allowed"
program "$PWD/other"
start_daemon
policy "{\"allow\":[{\"path\":\"$PWD/allowed\",\"refs\":[\"op://Production/k8s/*\"]}],\"deny\":[{\"refs\":[\"op://Personal/*\"]}]}"
reads ./allowed op://production/k8s/token
for spelled in op://Production/k8s/token OP://PRODUCTION/K8S/TOKEN op://Production//k8s/token op://Production/k8s/token/ op://Production/k8s/./token \
    op://Production/%6b8s/token 'op://Production/k8s/token?attribute=value' op://production/K8S/token Production/k8s/token; do
    refused ./other "$spelled"
done
for spelled in op://personal/i/f OP://PERSONAL/i/f op://Personal//i/f op://%50ersonal/i/f op:///Personal/i/f; do
    expect_any=0
    ./allowed -c 'opx read "$1"; exit $?' sh "$spelled" >"$OUT" 2>"$ERR" || expect_any=$?
    [ "$expect_any" -ne 0 ] || fail "$spelled was read"
    stdout_empty
done
