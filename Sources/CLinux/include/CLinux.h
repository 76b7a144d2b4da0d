#ifndef TUTTI_CLINUX_H
#define TUTTI_CLINUX_H

#include <sys/types.h>

#include "CPULevel.h"

/// Asks the kernel to send `signal` to this process when the thread that started it ends.
/// Returns 0, or an errno value. See prctl(2), PR_SET_PDEATHSIG.
int tutti_set_parent_death_signal(int signal);

/// A non-blocking, close-on-exec eventfd, or -1 with errno set. See eventfd(2).
int tutti_eventfd(void);

/// Blocks SIGTERM and SIGINT in the calling thread and those it starts later, and returns a non-blocking,
/// close-on-exec descriptor that is readable when one of them arrives; -1 with errno set. See signalfd(2).
int tutti_termination_descriptor(void);

/// The number of the next signal waiting on `descriptor`, or 0.
int tutti_next_signal(int descriptor);

/// The magic number of the file system that holds `path`, or 0. See statfs(2).
long tutti_file_system_kind(const char *path);

/// A pipe whose ends are close-on-exec: ends[0] reads, ends[1] writes. Returns 0, or -1 with errno set.
int tutti_pipe(int ends[2]);

#endif
