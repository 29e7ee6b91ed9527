# needs linux
# needs program cc
# The wall clock a day on, a day back, a month on, and over midnight, under the running daemon: values live by a clock that does not jump, each answer has
# its record, and the chain of the log goes on over files that stay in the order of their records. The clock is that of the C library, which a few lines of
# our own stand before; nobody else's clock is touched.
cat >clock.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile char *jump = "0";

__attribute__((constructor)) static void begin(void) {
    int file = open(getenv("JUMP"), O_RDONLY);
    void *text = mmap(0, 32, PROT_READ, MAP_SHARED, file, 0);
    if (text == MAP_FAILED) _exit(99);
    jump = text;
    close(file);
}

int clock_gettime(clockid_t id, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, id, at);
    if (failed == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += atoll((const char *)jump);
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
END
cc -shared -fPIC -O1 -o clock.so clock.c
# clock SECONDS: how far it is off from here on.
printf '%-31s\n' 0 >jump
clock() { printf '%-31s\n' "$1" | dd of=jump bs=32 conv=notrunc 2>/dev/null; }
DAY=86400

export TZ=Etc/UTC
LD_PRELOAD=$PWD/clock.so JUMP=$PWD/jump "$SCRATCH/bin/opx-authd" --ttl 60 --enable-audit-log 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for listening
usual
PAUSE=10
callers 4 op://v/i0/f op://v/i1/f
hits() { api POST /v1/read -d '{"ref":"op://v/i0/f"}'; answers 200; body_has '"from_cache":true'; }
# recorded DAY [SECONDS]: a read now has its record in the file of that day, with the time that the clock shows.
read=0
recorded() {
    read=$((read + 1))
    prints "$(fake "op://v/n/f$read")" opx read "op://v/n/f$read"
    grep -F "\"reference\":\"op://v/n/f$read\"" "$DATA/audit-$1.log" >record || fail "no record of op://v/n/f$read in audit-$1.log"
    is "$(cut -c15-24 record)" "$(date -u -d "@$(($(date +%s) + $2))" +%Y-%m-%d)"
}
on() { date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%d; }
hits
last=$(on 0)
recorded "$last" 0
for jump in $DAY 0 -$DAY 0 $((30 * DAY)) 0; do
    clock "$jump"
    back
    # A day in one moment is no minute of a value's life, and gives none back either.
    hits
    # A day that is over by the log is not written again: where the clock is set back, the files stay in order.
    if [ "$(on "$jump" | tr -d -)" -gt "$(echo "$last" | tr -d -)" ]; then last=$(on "$jump"); fi
    recorded "$last" "$jump"
done
# The last second before a midnight that is still to come, and the first of the day after.
eve=$((32 * DAY - $(date +%s) % DAY - 1))
clock "$eve"
wait_for test -e "$DATA/audit-$(on $((eve + 2))).log"
back
recorded "$(on "$eve")" "$eve"
hits
clock 0
back
expect 0 opx audit verify
stdout_has 'the audit log is intact'
end_callers
no_errors
stop_daemon
expect 0 opx audit verify
stdout_has 'the audit log is intact'
