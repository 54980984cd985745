// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Swift's Glibc module leaves out, or cannot call because it is variadic or needs _GNU_SOURCE.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static inline int CLinux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int CLinux_dumps_are_forbidden(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0; }

static inline void CLinux_reset_signal(int signal_number) { signal(signal_number, SIG_DFL); }

static inline void CLinux_ignore_signal(int signal_number) { signal(signal_number, SIG_IGN); }

static inline int CLinux_signal_is_ignored(int signal_number) {
  struct sigaction action;
  return sigaction(signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// renameat2(2) with RENAME_NOREPLACE, relative to the working directory.
static inline int CLinux_rename_exclusively(const char *source, const char *destination) {
  return renameat2(AT_FDCWD, source, AT_FDCWD, destination, RENAME_NOREPLACE);
}

/// syncfs(2): everything that was written to the file system of an open file is on its disk.
static inline int CLinux_sync_file_system(int file) { return syncfs(file); }
