#ifndef TUTTI_CBENCHMARKS_H
#define TUTTI_CBENCHMARKS_H

// Comparison code for the benchmarks, written plainly in C, and what Swift cannot ask the system for. Nothing else uses
// it.

#include <stddef.h>
#include <stdint.h>

/// e^x by the polynomial of the Swift kernels, in vectors of eight, without contraction. `count` is a multiple of
/// eight.
void vector_exp(const double *x, double *y, size_t count);
/// ln x likewise.
void vector_log(const double *x, double *y, size_t count);
/// A loop over the library's functions.
void library_exp(const double *x, double *y, size_t count);
void library_log(const double *x, double *y, size_t count);

/// Blocks of memory that this thread has asked for since it began.
uint64_t thread_allocations(void);

/// Moves this thread to one core and keeps it there; 0 if that was possible.
int bind_thread(int core);

#endif
