/* Moves the wall clock of a program, and of all that it starts, by $WALL_CLOCK_SHIFT_S seconds.

   To be preloaded. Clocks that count durations are left alone: libfaketime cannot do that for a
   Python of today (0.9.10 turns an absolute monotonic sleep into EINVAL, and once it shifts the
   monotonic clock too, sem_clockwait waits for the shift). A file keeps its age: its times are
   moved with the clock, both when they are read and when they are set. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t shift;

__attribute__((constructor)) static void read_shift(void)
{
    const char *given = getenv("WALL_CLOCK_SHIFT_S");
    shift = given ? atoll(given) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    long got = syscall(SYS_clock_gettime, clock, at);
    if (got == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += shift;
    return (int)got;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    long got = syscall(SYS_gettimeofday, at, zone);
    if (got == 0)
        at->tv_sec += shift;
    return (int)got;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

static int moved(long got, struct stat *file)
{
    if (got == 0) {
        file->st_atim.tv_sec += shift;
        file->st_mtim.tv_sec += shift;
        file->st_ctim.tv_sec += shift;
    }
    return (int)got;
}

int fstatat(int folder, const char *restrict path, struct stat *restrict file, int flags)
{
    return moved(syscall(SYS_newfstatat, folder, path, file, flags), file);
}

int fstat(int handle, struct stat *file)
{
    return moved(syscall(SYS_newfstatat, handle, "", file, AT_EMPTY_PATH), file);
}

int stat(const char *restrict path, struct stat *restrict file)
{
    return fstatat(AT_FDCWD, path, file, 0);
}

int lstat(const char *restrict path, struct stat *restrict file)
{
    return fstatat(AT_FDCWD, path, file, AT_SYMLINK_NOFOLLOW);
}

/* Python is built for large files; on a 64-bit machine both structures are the same. */
int fstatat64(int folder, const char *restrict path, struct stat64 *restrict file, int flags)
{
    return fstatat(folder, path, (struct stat *)file, flags);
}

int fstat64(int handle, struct stat64 *file)
{
    return fstat(handle, (struct stat *)file);
}

int stat64(const char *restrict path, struct stat64 *restrict file)
{
    return stat(path, (struct stat *)file);
}

int lstat64(const char *restrict path, struct stat64 *restrict file)
{
    return lstat(path, (struct stat *)file);
}

static int set_times(int folder, const char *path, const struct timespec *given, int flags)
{
    struct timespec real[2];
    for (int i = 0; given && i < 2; i++) {
        real[i] = given[i];
        if (given[i].tv_nsec != UTIME_NOW && given[i].tv_nsec != UTIME_OMIT)
            real[i].tv_sec -= shift;
    }
    return (int)syscall(SYS_utimensat, folder, path, given ? real : NULL, flags);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags)
{
    return set_times(folder, path, times, flags);
}

int futimens(int handle, const struct timespec times[2])
{
    return set_times(handle, NULL, times, 0);
}
