// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Swift's Glibc module leaves out, or cannot call because it is variadic or needs _GNU_SOURCE.
//
// _GNU_SOURCE itself is not defined: types such as fd_set would have other members here than in the Glibc module, and the
// compiler refuses to merge them. What it would declare is declared here instead.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

extern int renameat2(int source_directory, const char *source, int directory, const char *destination,
                     unsigned int flags);
extern int pipe2(int ends[2], int flags);
extern int syncfs(int file);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int lowest);

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif

static inline int CLinux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int CLinux_dumps_are_forbidden(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0; }

static inline void CLinux_reset_signal(int signal_number) { signal(signal_number, SIG_DFL); }

static inline void CLinux_ignore_signal(int signal_number) { signal(signal_number, SIG_IGN); }

static inline int CLinux_signal_is_ignored(int signal_number) {
  struct sigaction action;
  return sigaction(signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Whether a signal waits that ends the process politely: one that is held back, and not ignored.
static inline int CLinux_is_interrupted(void) {
  const int polite[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  sigset_t pending;
  if (sigpending(&pending) != 0) return 0;
  for (int i = 0; i < 4; i++) {
    if (sigismember(&pending, polite[i]) == 1 && !CLinux_signal_is_ignored(polite[i])) return 1;
  }
  return 0;
}

/// renameat2(2) with RENAME_NOREPLACE.
static inline int CLinux_rename_exclusively(int source_directory, const char *source, int directory,
                                            const char *destination) {
  return renameat2(source_directory, source, directory, destination, RENAME_NOREPLACE);
}

/// syncfs(2): everything that was written to the file system of an open file is on its disk.
static inline int CLinux_sync_file_system(int file) { return syncfs(file); }

/// A pipe whose ends are closed in programs that are started, none of them 0, 1 or 2.
static inline int CLinux_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    if (ends[i] > 2) continue;
    int higher = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
    close(ends[i]);
    ends[i] = higher;
  }
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  close(ends[0]);
  close(ends[1]);
  return -1;
}

/// A program that is started has no descriptor from `lowest` on.
static inline int CLinux_close_from(posix_spawn_file_actions_t *actions, int lowest) {
  return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}
