# Made anew from --help, each is the one that is in the repository ('make man' writes them), and roff has nothing to say against it.
sh "$KIT/packaging/man/make.sh" "$SCRATCH/bin" "$PWD/made"
for page in opx.1 opx-authd.8 opx-policy.5 opx-config.5; do
    same "$KIT/packaging/man/$page" "made/$page"
    if command -v mandoc >/dev/null; then
        mandoc -Tlint -W warning "made/$page" >"$OUT" || fail "mandoc: $page"
    fi
done
# Every command has its section, and no daemon was started to find that out.
for command in read resolve run inject status 'service install' doctor 'policy add' 'completion fish'; do
    grep -qxF ".SS \"opx $command\"" made/opx.1 || fail "opx $command has no section"
done
no_daemon || fail "--help started a daemon"
