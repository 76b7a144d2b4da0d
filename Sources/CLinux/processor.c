#include "CLinux.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Nothing in this file may use what it asks about, whatever the flags of the build are.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64"))), apply_to = function)
#endif

static const char *const names[TUTTI_FEATURE_COUNT] = {
    "avx", "avx2", "bmi", "bmi2", "fma", "lzcnt", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl",
};

uint32_t tutti_compiled_features(void) {
    uint32_t features = 0;
#if defined(__AVX__)
    features |= TUTTI_AVX;
#endif
#if defined(__AVX2__)
    features |= TUTTI_AVX2;
#endif
#if defined(__BMI__)
    features |= TUTTI_BMI;
#endif
#if defined(__BMI2__)
    features |= TUTTI_BMI2;
#endif
#if defined(__FMA__)
    features |= TUTTI_FMA;
#endif
#if defined(__LZCNT__)
    features |= TUTTI_LZCNT;
#endif
#if defined(__AVX512F__)
    features |= TUTTI_AVX512F;
#endif
#if defined(__AVX512BW__)
    features |= TUTTI_AVX512BW;
#endif
#if defined(__AVX512CD__)
    features |= TUTTI_AVX512CD;
#endif
#if defined(__AVX512DQ__)
    features |= TUTTI_AVX512DQ;
#endif
#if defined(__AVX512VL__)
    features |= TUTTI_AVX512VL;
#endif
    return features;
}

uint32_t tutti_processor_features(void) {
    uint32_t features = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx")) features |= TUTTI_AVX;
    if (__builtin_cpu_supports("avx2")) features |= TUTTI_AVX2;
    if (__builtin_cpu_supports("bmi")) features |= TUTTI_BMI;
    if (__builtin_cpu_supports("bmi2")) features |= TUTTI_BMI2;
    if (__builtin_cpu_supports("fma")) features |= TUTTI_FMA;
    if (__builtin_cpu_supports("lzcnt")) features |= TUTTI_LZCNT;
    if (__builtin_cpu_supports("avx512f")) features |= TUTTI_AVX512F;
    if (__builtin_cpu_supports("avx512bw")) features |= TUTTI_AVX512BW;
    if (__builtin_cpu_supports("avx512cd")) features |= TUTTI_AVX512CD;
    if (__builtin_cpu_supports("avx512dq")) features |= TUTTI_AVX512DQ;
    if (__builtin_cpu_supports("avx512vl")) features |= TUTTI_AVX512VL;
#endif
    return features;
}

const char *tutti_level(uint32_t features) {
#if defined(__x86_64__)
    const uint32_t v3 = TUTTI_AVX | TUTTI_AVX2 | TUTTI_BMI | TUTTI_BMI2 | TUTTI_FMA | TUTTI_LZCNT;
    const uint32_t v4 = v3 | TUTTI_AVX512F | TUTTI_AVX512BW | TUTTI_AVX512CD | TUTTI_AVX512DQ | TUTTI_AVX512VL;
    if ((features & v4) == v4) return "x86-64-v4";
    if ((features & v3) == v3) return "x86-64-v3";
    return "x86-64";
#elif defined(__aarch64__)
    return "arm64";
#else
    return "other";
#endif
}

size_t tutti_refusal(uint32_t compiled, uint32_t available, char *message, size_t capacity) {
    uint32_t missing = compiled & ~available;
    if (capacity == 0) return 0;
    message[0] = 0;
    if (missing == 0) return 0;
    char list[128] = "";
    for (int i = 0; i < TUTTI_FEATURE_COUNT; i++) {
        if (!(missing >> i & 1)) continue;
        if (list[0]) strcat(list, ", ");
        strcat(list, names[i]);
    }
    int length = snprintf(
        message, capacity,
        "This program was built for %s, and this processor lacks %s. "
        "Mend: use the plain build of tutti; its results are the same.\n",
        tutti_level(compiled), list);
    return length < 0 ? 0 : (size_t)length < capacity ? (size_t)length : capacity - 1;
}

// Before any other constructor of the program, so before any code that the flags of the build have widened.
__attribute__((constructor(101))) static void refuse_older_processor(void) {
    char message[320];
    size_t length = tutti_refusal(tutti_compiled_features(), tutti_processor_features(), message, sizeof message);
    if (length == 0) return;
    ssize_t written = write(STDERR_FILENO, message, length);
    (void)written;
    _exit(TUTTI_EXIT_OLD_PROCESSOR);
}

#if defined(__x86_64__)
#pragma clang attribute pop
#endif
