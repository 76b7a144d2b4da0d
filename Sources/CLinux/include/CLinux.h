#ifndef TUTTI_CLINUX_H
#define TUTTI_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

/// A close-on-exec descriptor that is readable once `process` has ended, whoever started it; -1 with errno set. See
/// pidfd_open(2).
int tutti_process_descriptor(pid_t process);

/// A pipe whose ends are close-on-exec: ends[0] reads, ends[1] writes. Returns 0, or -1 with errno set.
int tutti_pipe(int ends[2]);

/// Sends `text` as one datagram to the local socket at `path`, where a first `@` stands for a name without a file. Never
/// waits. Returns 0, or an errno value. See sd_notify(3) and unix(7).
int tutti_notify(const char *path, const char *text);

/// Sets of instructions that the compiler may be told to use, a bit each. Those of one level come with further ones
/// (f16c, movbe) that no processor has without them.
enum {
    TUTTI_AVX = 1 << 0,
    TUTTI_AVX2 = 1 << 1,
    TUTTI_BMI = 1 << 2,
    TUTTI_BMI2 = 1 << 3,
    TUTTI_FMA = 1 << 4,
    TUTTI_LZCNT = 1 << 5,
    TUTTI_AVX512F = 1 << 6,
    TUTTI_AVX512BW = 1 << 7,
    TUTTI_AVX512CD = 1 << 8,
    TUTTI_AVX512DQ = 1 << 9,
    TUTTI_AVX512VL = 1 << 10,
};
#define TUTTI_FEATURE_COUNT 11

/// Exit code of a program that was built for a newer processor than the one it is started on.
#define TUTTI_EXIT_OLD_PROCESSOR 4

/// What this program may use: the flags it was compiled with.
uint32_t tutti_compiled_features(void);

/// What this processor has and the kernel lets programs use.
uint32_t tutti_processor_features(void);

/// The highest level that `features` cover: "x86-64", "x86-64-v3" or "x86-64-v4"; "arm64" or "other" elsewhere.
const char *tutti_level(uint32_t features);

/// Why a program compiled for `compiled` cannot run where only `available` is, a line; empty when it can.
/// Returns the length. The program asks itself before anything else runs, and ends with
/// TUTTI_EXIT_OLD_PROCESSOR when the answer is not empty.
size_t tutti_refusal(uint32_t compiled, uint32_t available, char *message, size_t capacity);

#endif
