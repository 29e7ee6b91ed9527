/* Runs two commands in alternation and compares the medians of their wall times; what they print is thrown away.
 *
 *   cc -O2 -o time time.c
 *   ./time ROUNDS COMMAND… -- COMMAND…      prints: FIRST_US SECOND_US RATIO, the ratio of the first to the second
 *
 * A shell's own loop would measure the shell: starting `date` twice costs as much as what is measured.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static double run(char **command)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    double start = now();
    pid_t child;
    int status = 0;
    if (posix_spawnp(&child, command[0], &actions, NULL, command, environ) != 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "time: %s failed\n", command[0]);
        exit(1);
    }
    double took = now() - start;
    posix_spawn_file_actions_destroy(&actions);
    return took;
}

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_size);
    return times[count / 2];
}

int main(int count, char **words)
{
    int rounds = count > 1 ? atoi(words[1]) : 0, middle = 2;
    while (middle < count && strcmp(words[middle], "--") != 0)
        middle++;
    if (rounds < 1 || middle == 2 || middle + 1 >= count) {
        fprintf(stderr, "usage: time ROUNDS COMMAND... -- COMMAND...\n");
        return 2;
    }
    words[middle] = NULL;

    double *first = calloc((size_t)rounds, sizeof *first), *second = calloc((size_t)rounds, sizeof *second);
    for (int warm = 0; warm < 5; warm++) {
        run(words + 2);
        run(words + middle + 1);
    }
    for (int round = 0; round < rounds; round++) {
        first[round] = run(words + 2);
        second[round] = run(words + middle + 1);
    }
    double one = median(first, rounds), other = median(second, rounds);
    printf("%.0f %.0f %.3f\n", one, other, one / other);
    return 0;
}
