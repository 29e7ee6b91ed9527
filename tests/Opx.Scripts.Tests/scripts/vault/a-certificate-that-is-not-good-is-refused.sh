refuses() {
    words=$1
    shift
    use_vault "$@"
    rm -rf "$CONFIG"
    settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\"$CA}}"
    start_daemon
    expect 6 opx read 'vault://secret/app#k'
    one_error "$words"
    was_asked requests 0
    stop_daemon
}
export VAULT_TOKEN=hvs.never-sent-to-anybody
CA=
refuses 'certificate' --tls
CA=",\"ca_cert\":\"$SCRATCH/ca.pem\""
refuses 'certificate' --tls-expired
refuses 'certificate' --tls-name=other.example
use_vault --tls
cp "$SCRATCH/ca.pem" "$SCRATCH/other.pem"
CA=",\"ca_cert\":\"$SCRATCH/other.pem\""
refuses 'certificate' --tls
nowhere hvs.never-sent-to-anybody
