#ifndef TUTTI_CPU_LEVEL_H
#define TUTTI_CPU_LEVEL_H

/// The x86-64 level that this program is compiled for: 1 (SSE2), 3 (AVX2, BMI2, FMA) or 4 (AVX-512); 0 on other
/// architectures.
int tutti_compiled_cpu_level(void);

/// The first feature of a level that a CPU lacks, or NULL.
/// `available` has bit i set where the CPU has feature i of tutti_cpu_features, whose last entry is NULL.
const char *tutti_missing_cpu_feature(int level, unsigned available);

/// Names of the features beyond SSE2 that levels 3 and 4 need, level 3's first.
extern const char *const tutti_cpu_features[];

#endif
