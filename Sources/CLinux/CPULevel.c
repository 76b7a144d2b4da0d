#include "CPULevel.h"

#include <stddef.h>
#include <unistd.h>

#if defined(__x86_64__)
// What runs before the check must itself run on any x86-64 CPU.
#define BASE_LEVEL __attribute__((target("no-avx,no-bmi,no-bmi2")))
#else
#define BASE_LEVEL
#endif

enum { LEVEL_3_COUNT = 5 };

const char *const tutti_cpu_features[] = {
    "avx", "avx2", "bmi", "bmi2", "fma", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", NULL,
};

BASE_LEVEL int tutti_compiled_cpu_level(void) {
#if defined(__AVX512F__) && defined(__AVX512BW__)
    return 4;
#elif defined(__AVX2__)
    return 3;
#elif defined(__x86_64__)
    return 1;
#else
    return 0;
#endif
}

BASE_LEVEL const char *tutti_missing_cpu_feature(int level, unsigned available) {
    for (int index = 0; tutti_cpu_features[index] != NULL; index++) {
        int needed = index < LEVEL_3_COUNT ? 3 : 4;
        if (level >= needed && (available & (1u << index)) == 0) {
            return tutti_cpu_features[index];
        }
    }
    return NULL;
}

#if defined(__x86_64__)
BASE_LEVEL static unsigned available_features(void) {
    __builtin_cpu_init();
    unsigned bits = 0;
    bits |= __builtin_cpu_supports("avx") ? 1u << 0 : 0;
    bits |= __builtin_cpu_supports("avx2") ? 1u << 1 : 0;
    bits |= __builtin_cpu_supports("bmi") ? 1u << 2 : 0;
    bits |= __builtin_cpu_supports("bmi2") ? 1u << 3 : 0;
    bits |= __builtin_cpu_supports("fma") ? 1u << 4 : 0;
    bits |= __builtin_cpu_supports("avx512f") ? 1u << 5 : 0;
    bits |= __builtin_cpu_supports("avx512bw") ? 1u << 6 : 0;
    bits |= __builtin_cpu_supports("avx512cd") ? 1u << 7 : 0;
    bits |= __builtin_cpu_supports("avx512dq") ? 1u << 8 : 0;
    bits |= __builtin_cpu_supports("avx512vl") ? 1u << 9 : 0;
    return bits;
}

BASE_LEVEL static void say(const char *text) {
    size_t length = 0;
    while (text[length] != 0) length++;
    if (write(2, text, length) < 0) return;
}

/// Runs before anything else in the program, since the first wide instruction would end it without a word.
BASE_LEVEL __attribute__((constructor(101))) static void refuse_older_cpu(void) {
    const char *missing = tutti_missing_cpu_feature(tutti_compiled_cpu_level(), available_features());
    if (missing == NULL) return;
    say("This build of tutti needs a CPU with ");
    say(missing);
    say(", which this one lacks. Mend: use the plain build; its results are the same to the bit.\n");
    _exit(2);
}
#endif
