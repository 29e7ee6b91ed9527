/* herd: many callers ask for one reference at once, each on a connection of its own that stands already.
 *
 *   cc -O2 -o herd herd.c -lssl -lcrypto
 *   ./herd DIR SOCKET CALLERS REF     DIR holds token and tls.crt
 *
 * Prints the milliseconds since the epoch at which the last answer had come. Fails unless every answer is 200.
 */
#define _GNU_SOURCE 1
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static void give_up(const char *what)
{
    fprintf(stderr, "herd: %s\n", what);
    exit(1);
}

static size_t slurp(const char *directory, const char *name, char *into, size_t room)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(path);
    size_t length = fread(into, 1, room - 1, file);
    into[length] = 0;
    fclose(file);
    return length;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        give_up("usage: herd DIR SOCKET CALLERS REF");
    int callers = atoi(argv[3]);
    struct rlimit files = {.rlim_cur = (rlim_t)callers + 64, .rlim_max = (rlim_t)callers + 64};
    setrlimit(RLIMIT_NOFILE, &files);
    char token[128], path[512], body[1100], request[2048], answer[4096];
    slurp(argv[1], "token", token, sizeof token);
    snprintf(path, sizeof path, "%s/tls.crt", argv[1]);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_load_verify_locations(context, path, NULL) != 1)
        give_up(path);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    int size = snprintf(body, sizeof body, "{\"ref\":\"%s\"}", argv[4]);
    size = snprintf(request, sizeof request, "POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: %s\r\n"
                    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", token, size, body);

    SSL **all = calloc((size_t)callers, sizeof *all);
    for (int i = 0; i < callers; i++)
    {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[2]);
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
            give_up("cannot connect");
        all[i] = SSL_new(context);
        SSL_set_fd(all[i], fd);
        if (SSL_connect(all[i]) != 1)
            give_up("no handshake");
    }
    for (int i = 0; i < callers; i++)
        if (SSL_write(all[i], request, size) != size)
            give_up("cannot write");
    for (int i = 0; i < callers; i++)
        if (SSL_read(all[i], answer, sizeof answer) < 12 || memcmp(answer + 9, "200", 3) != 0)
            give_up("an answer is not 200");
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    printf("%lld\n", (long long)at.tv_sec * 1000 + at.tv_nsec / 1000000);
    return 0;
}
