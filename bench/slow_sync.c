/* Preloaded: a disk whose every sync takes SLOW_SYNC_MS longer, as on cheap cards.
 * SLOW_SYNC_LOG: a file that grows by a byte a sync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int slowly(const char *name, int fd)
{
    int (*sync_file)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *given = getenv("SLOW_SYNC_MS");
    long ms = given ? atol(given) : 0;
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    const char *log = getenv("SLOW_SYNC_LOG");
    int counted = log ? open(log, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;

    if (counted >= 0) {
        if (write(counted, "s", 1) < 0)
            abort();
        close(counted);
    }
    nanosleep(&pause, NULL);
    return sync_file(fd);
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}
