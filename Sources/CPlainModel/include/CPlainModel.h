#ifndef TUTTI_CPLAINMODEL_H
#define TUTTI_CPLAINMODEL_H

// The model that the benchmarks compare with, plainly written in C: nothing else uses it.

#include <stddef.h>

/// A marketing mix model as one would first write it: geometric adstock by convolution, logistic saturation, Normal
/// likelihood, library functions. Arrays are series after series, each geo after
/// geo; geos share every parameter.
typedef struct {
    int periods, geos, channels, controls, lags;
    const double *kpi, *media, *regressors;
    double *work;
} plain_model;

size_t plain_model_work_size(int periods, int channels);

/// Log density without constants, and its gradient, at (intercept, logit alpha, log lam, log beta, gamma, log sigma)
/// with the priors N(0, 2.5), Beta(1, 3), Gamma(3, 1), HalfNormal(2), N(0, 1), HalfNormal(1).
double plain_model_gradient(const plain_model *model, const double *position, double *gradient);

#endif
