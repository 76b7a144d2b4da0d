#define _GNU_SOURCE
#include "CBenchmarks.h"
#include <sched.h>

int bind_thread(int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    return sched_setaffinity(0, sizeof cores, &cores);
}
