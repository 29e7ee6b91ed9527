use_op
put op://v/i/f value
: >"$OP/record"
export SECRET_OF_MINE=x LD_LIBRARY_PATH_X=y OPX_SOMETHING=z OP_SERVICE_ACCOUNT_TOKEN=t HTTPS_PROXY=http://127.0.0.1:1 GITHUB_TOKEN=g XDG_SESSION_ID=5
prints value opx read op://v/i/f
seen=$(cat "$OP"/environment.*)
for name in HOME PATH OP_DOUBLE_DIR OP_SERVICE_ACCOUNT_TOKEN HTTPS_PROXY XDG_SESSION_ID; do
    case $NL$seen in *"$NL$name="*) ;; *) fail "op was not given $name" ;; esac
done
for name in SECRET_OF_MINE LD_LIBRARY_PATH_X GITHUB_TOKEN OPX_SOMETHING OPX_READY_FD LISTEN_FDS NOTIFY_SOCKET; do
    case $NL$seen in *"$NL$name="*) fail "op was given $name" ;; esac
done
