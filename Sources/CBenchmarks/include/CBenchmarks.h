#ifndef TUTTI_CBENCHMARKS_H
#define TUTTI_CBENCHMARKS_H

// Comparison code for the benchmarks, written plainly in C: nothing else uses it.

#include <stddef.h>

/// e^x by the polynomial of the Swift kernels, in vectors of eight, without contraction. `count` is a multiple of eight.
void vector_exp(const double *x, double *y, size_t count);
/// ln x likewise.
void vector_log(const double *x, double *y, size_t count);
/// A loop over the library's functions.
void library_exp(const double *x, double *y, size_t count);
void library_log(const double *x, double *y, size_t count);

#endif
