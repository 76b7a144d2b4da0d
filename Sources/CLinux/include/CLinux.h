#ifndef TUTTI_CLINUX_H
#define TUTTI_CLINUX_H

#include <sys/types.h>

/// Asks the kernel to send `signal` to this process when the thread that started it ends.
/// Returns 0, or an errno value. See prctl(2), PR_SET_PDEATHSIG.
int tutti_set_parent_death_signal(int signal);

/// A non-blocking, close-on-exec eventfd, or -1 with errno set. See eventfd(2).
int tutti_eventfd(void);

#endif
