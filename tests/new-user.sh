#!/bin/sh
# A new user on a fresh Debian: sh tests/new-user.sh [ROOT]. Needs root, debootstrap (or a ROOT that it made) and dist/*.deb (make deb).
# In a file system of its own and without a network: install, read, run, doctor, services, man pages, an upgrade over a daemon that runs, remove,
# purge; and at the end nothing is left but what it says.
set -eu
cd "$(dirname "$0")/.."
deb=$(echo dist/opx_*.deb)
[ -e "$deb" ] || { echo "new-user: there is no dist/opx_*.deb: run make deb" >&2; exit 1; }
root=${1:-$(mktemp -d)/root}
if [ ! -x "$root/bin/sh" ]; then
    debootstrap --variant=minbase --include=libssl3,systemd,man-db,procps bookworm "$root" >/dev/null
fi
cp "$deb" "$root/tmp/opx.deb"
cat >"$root/tmp/try.sh" <<'END'
set -eu
fail() { echo "new-user: $*" >&2; exit 1; }
say() { echo "new-user: $*"; }
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
! getent hosts deb.debian.org >/dev/null || fail "there is a network"
id alice >/dev/null 2>&1 || useradd -m -u 1234 alice
mkdir -m 0700 -p /run/user/1234
chown alice /run/user/1234
cd /home/alice
find / -xdev \( -path /proc -o -path /run -o -path /tmp -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune -o -print | sort >/tmp/before
alice() { su alice -s /bin/sh -c "cd; export XDG_RUNTIME_DIR=/run/user/1234 OP_AUTHD_BACKEND=fake HOME=/home/alice; $1"; }

dpkg -i /tmp/opx.deb >/dev/null || fail "it does not install"
say "installed $(dpkg-query -W -f '${Package} ${Version} ${Installed-Size} KiB' opx)"
value=$(alice 'opx read op://Work/api/token')
case $value in fake_????????????????) ;; *) fail "read: $value" ;; esac
[ "$(alice 'opx run --env T=op://Work/api/token -- printenv T')" = "$value" ] || fail "run"
alice 'opx doctor' >/tmp/doctor || { cat /tmp/doctor; fail "doctor is not clean"; }
say "read, run and doctor"
man -w opx opx-authd opx-policy opx-config >/dev/null || fail "no man pages"
alice 'XDG_RUNTIME_DIR=/run/user/1234 systemd-analyze verify --user --man=no opx-authd.service opx-authd.socket' || fail "the units are not valid"
bash -n /usr/share/bash-completion/completions/opx
say "man pages, units, completions"

# An upgrade over a daemon that runs: it goes on, and a restart is the new file.
before=$(pgrep -x opx-authd)
dpkg -i /tmp/opx.deb >/dev/null || fail "it does not upgrade"
[ "$(pgrep -x opx-authd)" = "$before" ] || fail "the upgrade ended the daemon"
[ "$(alice 'opx read op://Work/api/token')" = "$value" ] || fail "read after the upgrade"
alice 'opx daemon restart' >/dev/null
[ "$(pgrep -x opx-authd)" != "$before" ] || fail "not restarted"
[ "$(alice 'opx read op://Work/api/token')" = "$value" ] || fail "read after the restart"
say "upgrade over a daemon that runs"

mkdir -p /home/alice/.config/op-authd
printf '{"backend":"fake"}' >/home/alice/.config/op-authd/config.json
chown -R alice:alice /home/alice/.config
chmod 700 /home/alice/.config /home/alice/.config/op-authd
chmod 600 /home/alice/.config/op-authd/config.json
left() {
    find / -xdev \( -path /proc -o -path /run -o -path /tmp -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune -o -print | sort |
        comm -13 /tmp/before -
}
dpkg -r opx >/dev/null
i=0
while pgrep -x opx-authd >/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
! pgrep -x opx-authd >/dev/null || fail "a daemon is left"
left | grep -v '^/home/alice/' && fail "remove leaves files"
[ -e /home/alice/.config/op-authd/config.json ] || fail "remove took the user's configuration"
say "removed; what is left is the user's own: $(left | wc -l) entries in /home/alice"
dpkg -P opx >/dev/null
left | grep op-authd && fail "purge leaves files"
say "purged; nothing is left"
userdel -r alice 2>/dev/null || true
rm -rf /home/alice
END
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount --pid --fork --net sh -c 'mount --make-rprivate / && exec chroot "$1" /bin/sh /tmp/try.sh' sh "$root"
