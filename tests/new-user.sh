#!/bin/sh
# A new user on a fresh Debian: sh tests/new-user.sh [ROOT [OLDER.deb]]. Needs root, debootstrap (or a ROOT that it made) and dist/*.deb (make deb).
# In a file system of its own and without a network: install, read, run, doctor, services, man pages, an upgrade over a daemon that runs, from another
# version where there is one, remove, purge; and at the end nothing is left but what it says.
set -eu
cd "$(dirname "$0")/.."
deb=$(echo dist/opx_*.deb)
[ -e "$deb" ] || { echo "new-user: there is no dist/opx_*.deb: run make deb" >&2; exit 1; }
root=${1:-$(mktemp -d)/root}
if [ ! -x "$root/bin/sh" ]; then
    debootstrap --variant=minbase --include=libssl3,systemd,man-db,procps bookworm "$root" >/dev/null
fi
cp "$deb" "$root/tmp/opx.deb"
cp "${2:-$deb}" "$root/tmp/older.deb"
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

dpkg -i /tmp/older.deb >/dev/null || fail "it does not install"
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

# An upgrade over a daemon that runs: it goes on, which is said, and a restart is the new file.
before=$(pgrep -x opx-authd) older=$(opx --version)
dpkg -i /tmp/opx.deb >/dev/null || fail "it does not upgrade"
[ "$(pgrep -x opx-authd)" = "$before" ] || fail "the upgrade ended the daemon"
if [ "$(opx --version)" != "$older" ]; then
    alice 'opx status' 2>&1 | grep -q "opx-authd is version ${older#opx } and $(opx --version)" || fail "nobody says that the daemon is of another version"
    ! alice 'opx doctor' >/dev/null || fail "doctor does not see the older daemon"
    say "from $older to $(opx --version)"
fi
[ "$(alice 'opx read op://Work/api/token')" = "$value" ] || fail "read after the upgrade"
alice 'opx daemon restart' >/dev/null
[ "$(pgrep -x opx-authd)" != "$before" ] || fail "not restarted"
[ "$(alice 'opx read op://Work/api/token')" = "$value" ] || fail "read after the restart"
alice 'opx doctor' >/dev/null || fail "doctor is not clean after the restart"
say "upgrade over a daemon that runs"

mkdir -p /home/alice/.config/op-authd
printf '{"backend":"fake"}' >/home/alice/.config/op-authd/config.json
chown -R alice:alice /home/alice/.config
chmod 700 /home/alice/.config /home/alice/.config/op-authd
chmod 600 /home/alice/.config/op-authd/config.json
# What else opx makes, and two things that are the user's own.
mkdir -p /home/alice/.config/systemd/user/opx-authd.service.d /home/alice/.config/systemd/user/default.target.wants /home/alice/.local/bin
for unit in opx-authd.service opx-authd.socket opx-authd.service.d/vault-only.conf; do
    echo "# Written by 'opx service install'; 'opx service uninstall' removes it." >"/home/alice/.config/systemd/user/$unit"
done
ln -s /usr/lib/systemd/user/opx-authd.service /home/alice/.config/systemd/user/default.target.wants/
chown -R alice:alice /home/alice/.config /home/alice/.local
alice 'opx shim install' >/dev/null
echo '[Unit]' >/home/alice/.config/systemd/user/mine.service
left() {
    find / -xdev \( -path /proc -o -path /run -o -path /tmp -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune -o -print | sort |
        comm -13 /tmp/before -
}
dpkg -r opx >/dev/null
i=0
while pgrep -x opx-authd >/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
! pgrep -x opx-authd >/dev/null || fail "a daemon is left"
own='/home/alice/.config
/home/alice/.config/op-authd
/home/alice/.config/op-authd/config.json
/home/alice/.config/systemd
/home/alice/.config/systemd/user
/home/alice/.config/systemd/user/mine.service'
[ "$(left)" = "$own" ] || { left; fail "remove leaves something else than the user's own"; }
say "removed; what is left is the user's own"
dpkg -P opx >/dev/null
[ "$(left)" = "$(echo "$own" | grep -v op-authd)" ] || { left; fail "purge leaves files, or takes others"; }
say "purged; nothing of opx is left"
userdel -r alice 2>/dev/null || true
rm -rf /home/alice
END
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount --pid --fork --net sh -c 'mount --make-rprivate / && exec chroot "$1" /bin/sh /tmp/try.sh' sh "$root"
