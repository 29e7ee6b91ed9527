# needs linux
# Each policy as README.md shows it, with its paths in the scratch home and its hash that of the program here.
start_daemon
bind() { sed "s|/usr/bin/|$PWD/|; s|/usr/local/bin/|$PWD/|; s|/usr/sbin/|$PWD/|; s|/opt/runner/bin/|$PWD/|; s|/srv/backup/|$PWD/|"; }
use() {
    readme_policy "$1" | bind >"$SCRATCH/readme.json"
    grep -q refs "$SCRATCH/readme.json" || fail "README.md has no policy under '$1'"
    policy "$(cat "$SCRATCH/readme.json")"
    expect 0 opx policy check
}
for name in kubectl python3.11 Runner.Worker sshd deploy node other; do program "$PWD/$name"; done
k8s=op://Production/k8s/token

echo "== one tool"
use 'One tool'
reads ./kubectl "$k8s"
refused ./other "$k8s"
reads ./other op://Work/i/f
reads ./other op://Production/other/f

echo "== one script"
use 'One script'
printf 'opx read op://Backup/disk/key\nexit $?\n' >backup.py
cp backup.py other.py
prints "$(fake op://Backup/disk/key)" ./python3.11 backup.py
expect 3 ./python3.11 other.py
expect 3 ./other backup.py
refused ./python3.11 op://Backup/disk/key
reads ./other op://Work/i/f

echo "== continuous integration"
use 'Continuous integration'
ask='./other -c "opx read op://CI/deploy/key; exit \$?"; exit $?'
prints "$(fake op://CI/deploy/key)" ./Runner.Worker -c "$ask"
prints "$(fake vault://kv/ci/registry#password)" ./Runner.Worker -c './other -c "opx read vault://kv/ci/registry#password; exit \$?"; exit $?'
expect 3 ./other -c "$ask"
printf './Runner.Worker -c %s; exit $?' "'$ask'" >nested
expect 3 ./sshd nested
expect 3 ./Runner.Worker -c './other -c "opx read op://Work/i/f; exit \$?"; exit $?'

echo "== nothing but"
readme_policy 'Nothing but' | bind | sed "s/[0-9a-f]\{64\}/$(sha256 <deploy | cut -c1-64)/" >"$SCRATCH/readme.json"
policy "$(cat "$SCRATCH/readme.json")"
expect 0 opx policy check
reads ./deploy op://Production/deploy/token
refused ./deploy op://Production/deploy/other
refused ./other op://Production/deploy/token
refused ./other op://Work/i/f
cp deploy deploy.new
echo >>deploy.new
mv deploy.new deploy
refused ./deploy op://Production/deploy/token

echo "== a deny list"
use 'A deny list'
refused ./other op://Personal/bank/pin
refused ./node op://Production/db/password
expect 3 ./node -c './other -c "opx read op://Production/db/password; exit \$?"; exit $?'
reads ./other op://Production/db/password
reads ./node op://Work/i/f
