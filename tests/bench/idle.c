/* idle: many connections that have greeted and then say nothing, until it is killed.
 *
 *   cc -O2 idle.c -o idle -lssl -lcrypto
 *   ./idle SOCKET COUNT      prints "ready" when all of them are open
 */
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: idle SOCKET COUNT\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", words[1]);
    for (int i = atoi(words[2]); i > 0; i--) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        SSL *tls = SSL_new(context);
        SSL_set_fd(tls, fd);
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 || SSL_connect(tls) != 1) {
            perror("idle");
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    for (;;)
        pause();
}
