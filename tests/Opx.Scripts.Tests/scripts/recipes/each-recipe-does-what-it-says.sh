# As their tools run them; a tool that is not installed is played by a line of shell that does with the file what the tool does.
recipes=$KIT/packaging/recipes
user=$(fake op://Work/db/user) password=$(fake op://Work/db/password)
start_daemon

# Make
cp "$recipes/Makefile" .
prints "deploys with ${#password} characters" make -s deploy

# npm runs "start" by sh, with the directory's programs on the path.
start=$(sed -n 's/.*"start": "\(.*\)".*/\1/p' "$recipes/package.json")
printf 'DB_PASSWORD=op://Work/db/password\n' >.env.opx
mkdir node_modules
printf '#!/bin/sh\necho "$1 $DB_PASSWORD"\n' >node_modules/node
chmod +x node_modules/node
prints "server.js $password" env PATH="$PWD/node_modules:$PATH" sh -c "$start"

# direnv evaluates .envrc in bash.
prints "$user $password" bash -euc '. "$1"; echo "$DB_USER $DB_PASSWORD"' bash "$recipes/envrc"

# git
git_user=$(fake op://Git/example.com/username) git_password=$(fake op://Git/example.com/password)
printf 'protocol=https\nhost=example.com\n\n' | GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 git -c credential.helper= -c "credential.helper=$recipes/git-credential-opx" credential fill >"$OUT"
stdout_has "^username=$git_user\$"
stdout_has "^password=$git_password\$"
printf 'host=exa mple/../x\n\n' | "$recipes/git-credential-opx" get >"$OUT"
stdout_empty
printf 'host=example.com\npassword=x\n\n' | "$recipes/git-credential-opx" store >"$OUT"
stdout_empty

# Docker
echo 'https://ghcr.io/v2/' | "$recipes/docker-credential-opx" get >"$OUT"
stdout_is "{\"ServerURL\":\"ghcr.io\",\"Username\":\"$(fake op://Docker/ghcr.io/username)\",\"Secret\":\"$(fake op://Docker/ghcr.io/password)\"}"
prints '{}' "$recipes/docker-credential-opx" list
echo 'bad name' | expect 1 "$recipes/docker-credential-opx" get
stdout_is 'credentials not found in native keychain'

# ssh-askpass, sudo askpass
prints "$(fake op://Work/ssh/passphrase)" "$recipes/opx-askpass" "Enter passphrase for key '$HOME/.ssh/id': "
prints "$(fake op://Work/laptop/password)" env USER=alice "$recipes/opx-askpass" '[sudo] password for alice: '
# What a server may ask for, in its own words or in those of sudo and ssh with its name before them.
for prompt in "alice@far.example's password: " '(alice@far.example) Passphrase: ' "(alice@far.example) Enter passphrase for key '$HOME/.ssh/id': " \
    '(alice@far.example) [sudo] password for alice: ' '[sudo] password for root: '; do
    expect 1 env USER=alice "$recipes/opx-askpass" "$prompt"
    stdout_empty
done
expect 1 "$recipes/opx-askpass" 'Are you sure (yes/no)? '
stdout_empty

# VS Code runs command and args of a task of type process.
task=$(sed -n 's/.*"args": \[\(.*\)\].*/\1/p' "$recipes/tasks.json" | sed "s/\", \"/' '/g; s/^\"/'/; s/\"\$/'/")
prints "migrates with ${#password} characters" sh -c "opx $task"

# Terraform's external data source runs the program, with a query on standard input, and wants one JSON object of strings.
program=$(sed -n 's/.*program = \[\(.*\)\].*/\1/p' "$recipes/external.tf" | tr -d ',')
echo '{}' | sh -c "$program" >"$OUT"
stdout_is "{\"user\":\"$user\",\"password\":\"$password\"}"

# Python and Go, without opx, in thirty lines; with and without a runtime directory, and a value that is no text.
for client in client.py client.go; do [ "$(grep -vc '^ *$' "$recipes/$client")" -le 30 ] || fail "$client has grown"; done
clients=
if command -v python3 >/dev/null; then clients="python3 $recipes/client.py"; fi
if command -v go >/dev/null; then
    GOCACHE="$SCRATCH/work/go" GOFLAGS=-mod=mod go build -o client "$recipes/client.go"
    clients="$clients$NL$PWD/client"
fi
each_client() {
    echo "$clients" | while read -r program file; do "$1" "$program" $file; done
}
reads_both() { prints "$user$NL$password" "$@" op://Work/db/user op://Work/db/password; }
fails_on_one() { expect 1 "$@" op://Work/db/user 'op://a/../b'; stderr_has 'op://a/../b'; }
each_client reads_both
each_client fails_on_one
stop_daemon
(
    unset XDG_RUNTIME_DIR
    opx daemon start >/dev/null
    exists "$DATA/socket.sock"
    each_client reads_both
    opx daemon stop >/dev/null
)
(
    use_op
    printf 'a\377b' >binary
    put_file op://v/i/binary binary
    opx daemon start >/dev/null
    echo >>binary
    binary() { "$@" op://v/i/binary >"$OUT"; same binary "$OUT"; }
    each_client binary
    opx daemon stop >/dev/null
)
wait_for no_daemon

# GitHub Actions: the run block, as its shell has it. It stops its daemon.
awk '/^ +run: \|/ { on = 1; next } on { print }' "$recipes/github-actions.yml" >run.sh
expect 0 bash -e -o pipefail run.sh
stdout_has "^::add-mask::$password\$"
stdout_has "^deploys with ${#user} characters\$"
wait_for no_daemon
