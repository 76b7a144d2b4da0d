#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

int tutti_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, signal) == 0 ? 0 : errno;
}

int tutti_eventfd(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}
