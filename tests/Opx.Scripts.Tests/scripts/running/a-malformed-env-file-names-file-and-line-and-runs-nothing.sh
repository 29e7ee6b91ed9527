start_daemon
refused() {
    # shellcheck disable=SC2059 # the escapes are the point
    printf "$1" >broken.env
    expect 2 opx run --env-file broken.env -- touch ran
    one_error "broken\\.env:$2"
    missing ran
    stderr_lacks 'hunter2'
}
refused 'GOOD=1\nthis is no assignment hunter2\n' 2
refused 'A=1\nB=2\n1BAD=hunter2\n' 3
refused 'A=1\n\n# fine\nB="never closed hunter2\nC=3\n' 4
refused 'A-B=hunter2\n' 1
refused 'A=1\nB=op://v/../x\n' 2
refused 'A=0123456789hunter2\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\nA=$A$A\n' \
    '17: the value is larger than 1 MiB'

# A device that never ends is not read for ever.
expect 2 opx run --env-file /dev/zero -- touch ran
one_error 'is larger than 16 MiB'
missing ran
expect 2 opx run --env-file missing.env -- touch ran
one_error 'missing\.env'
missing ran
