// SPDX-License-Identifier: Apache-2.0
//
// What the system may do to a program at any time, and seldom does. Loaded into it with LD_PRELOAD:
//   FAULT_SHORT=N   read and write move at most N bytes a call, or 4093 of 64 KiB and more
//   FAULT_EINTR=1   every second read and write is interrupted
//   FAULT_CLOCK=S   the clock of the day is S seconds off
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long setting(const char *name) {
    const char *value = getenv(name);
    return value == NULL ? 0 : atol(value);
}

static size_t some(size_t count) {
    long most = setting("FAULT_SHORT");
    if (most > 0 && count > 65535) {
        most = 4093; // a file of many megabytes in single bytes would take minutes
    }
    return most > 0 && count > (size_t)most ? (size_t)most : count;
}

static int is_interrupted(void) {
    static int turn;
    return setting("FAULT_EINTR") && ++turn % 2 == 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define SHORTENED(name, buffer, declared, given)                       \
    ssize_t name(int file, buffer bytes, size_t count declared) {      \
        if (is_interrupted()) {                                        \
            errno = EINTR;                                             \
            return -1;                                                 \
        }                                                              \
        return NEXT(name)(file, bytes, some(count) given);             \
    }
#define COMMA ,

SHORTENED(read, void *, , )
SHORTENED(write, const void *, , )
SHORTENED(pread, void *, COMMA off_t at, COMMA at)
SHORTENED(pwrite, const void *, COMMA off_t at, COMMA at)
SHORTENED(pread64, void *, COMMA off64_t at, COMMA at)
SHORTENED(pwrite64, const void *, COMMA off64_t at, COMMA at)

int clock_gettime(clockid_t clock, struct timespec *now) {
    int status = NEXT(clock_gettime)(clock, now);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += setting("FAULT_CLOCK");
    }
    return status;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place != NULL) {
        *place = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict place, void *restrict zone) {
    int status = NEXT(gettimeofday)(place, zone);
    if (status == 0) {
        place->tv_sec += setting("FAULT_CLOCK");
    }
    return status;
}
