/* The least that a process can do to get one cached value from opx-authd: the bound that `opx read` is held against.
 * Reads the token and trusts the certificate in DIRECTORY, asks SOCKET for REFERENCE over TLS, and prints the answer's body.
 *
 *   cc -O2 -o least least.c -lssl -lcrypto
 *   ./least DIRECTORY SOCKET REFERENCE
 */
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void give_up(const char *what)
{
    fprintf(stderr, "least: %s\n", what);
    exit(1);
}

static void format(char *to, size_t room, const char *how, ...)
{
    va_list rest;
    va_start(rest, how);
    int length = vsnprintf(to, room, how, rest);
    va_end(rest);
    if (length < 0 || (size_t)length >= room)
        give_up("an argument is too long");
}

static void read_token(const char *directory, char token[65])
{
    char path[4096];
    format(path, sizeof path, "%s/token", directory);
    FILE *file = fopen(path, "r");
    if (file == NULL || fread(token, 1, 64, file) != 64)
        give_up("no token");
    token[64] = '\0';
    fclose(file);
}

static int dial(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    format(to.sun_path, sizeof to.sun_path, "%s", path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&to, sizeof to) != 0)
        give_up("nobody listens");
    return descriptor;
}

static SSL *greet(const char *directory, int descriptor)
{
    char certificate[4096];
    format(certificate, sizeof certificate, "%s/tls.crt", directory);
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || SSL_CTX_load_verify_locations(context, certificate, NULL) != 1)
        give_up("no certificate");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL *tls = SSL_new(context);
    if (tls == NULL || SSL_set1_host(tls, "op-authd-local") != 1 || SSL_set_fd(tls, descriptor) != 1 || SSL_connect(tls) != 1)
        give_up("no handshake");
    return tls;
}

int main(int count, char **words)
{
    if (count != 4) {
        fprintf(stderr, "usage: least DIRECTORY SOCKET REFERENCE\n");
        return 2;
    }

    char token[65], body[2048], request[4096];
    static char answer[1 << 16];
    read_token(words[1], token);
    SSL *tls = greet(words[1], dial(words[2]));

    format(body, sizeof body, "{\"ref\":\"%s\"}", words[3]);
    format(request, sizeof request,
        "POST /v1/read HTTP/1.1\r\nHost: unix\r\nConnection: close\r\nX-OpAuthd-Token: %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", token, strlen(body), body);
    if (SSL_write(tls, request, (int)strlen(request)) <= 0)
        give_up("the request was not sent");

    size_t have = 0;
    for (int got; have < sizeof answer - 1 && (got = SSL_read(tls, answer + have, (int)(sizeof answer - 1 - have))) > 0;)
        have += (size_t)got;
    answer[have] = '\0';
    const char *value = strstr(answer, "\r\n\r\n");
    if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0 || value == NULL)
        give_up("no value");
    puts(value + 4);
    return 0;
}
