#include "CPlainModel.h"
#include <math.h>
#include <string.h>

size_t plain_model_work_size(int periods, int channels) {
    return (size_t)periods * (size_t)(channels * 4 + 1);
}

double plain_model_gradient(const plain_model *m, const double *q, double *g) {
    const int P = m->periods, T = P * m->geos, C = m->channels, K = m->controls, L = m->lags;
    const double *u_alpha = q + 1, *u_lam = u_alpha + C, *u_beta = u_lam + C, *gamma = u_beta + C;
    double *g_alpha = g + 1, *g_lam = g_alpha + C, *g_beta = g_lam + C, *g_gamma = g_beta + C;
    const double sigma = exp(gamma[K]);
    double *residual = m->work;
    double *A = residual + T, *D = A + T * C, *S = D + T * C, *R = S + T * C;
    double value = 0;

    for (int t = 0; t < T; t++) residual[t] = m->kpi[t] - q[0];
    for (int k = 0; k < K; k++) {
        for (int t = 0; t < T; t++) residual[t] -= gamma[k] * m->regressors[k * T + t];
    }
    for (int c = 0; c < C; c++) {
        const double alpha = 1 / (1 + exp(-u_alpha[c])), lam = exp(u_lam[c]), beta = exp(u_beta[c]);
        const double *x = m->media + c * T;
        double weights[64], slopes[64], sum = 0, sum_slope = 0;
        for (int l = 0; l < L; l++) {
            weights[l] = pow(alpha, l);
            slopes[l] = l == 0 ? 0 : l * pow(alpha, l - 1);
            sum += weights[l];
            sum_slope += slopes[l];
        }
        for (int l = 0; l < L; l++) {
            slopes[l] = (slopes[l] - weights[l] * sum_slope / sum) / sum;
            weights[l] /= sum;
        }
        for (int t = 0; t < T; t++) {
            double a = 0, d = 0;
            for (int l = 0; l < L && l <= t % P; l++) {
                a += weights[l] * x[t - l];
                d += slopes[l] * x[t - l];
            }
            const double e = exp(-lam * a);
            const double s = (1 - e) / (1 + e);
            A[c * T + t] = a;
            D[c * T + t] = d;
            S[c * T + t] = s;
            R[c * T + t] = 0.5 * (1 - s * s);
            residual[t] -= beta * s;
        }
    }
    double squares = 0, total = 0;
    for (int t = 0; t < T; t++) {
        squares += residual[t] * residual[t];
        total += residual[t];
    }
    const double precision = 1 / (sigma * sigma);
    value += -0.5 * squares * precision - T * gamma[K];
    g[0] = total * precision - q[0] / 6.25;
    value -= 0.5 * q[0] * q[0] / 6.25;
    for (int k = 0; k < K; k++) {
        double sum = 0;
        for (int t = 0; t < T; t++) sum += residual[t] * m->regressors[k * T + t];
        g_gamma[k] = sum * precision - gamma[k];
        value -= 0.5 * gamma[k] * gamma[k];
    }
    for (int c = 0; c < C; c++) {
        const double alpha = 1 / (1 + exp(-u_alpha[c])), lam = exp(u_lam[c]), beta = exp(u_beta[c]);
        double effect = 0, rate = 0, retention = 0;
        for (int t = 0; t < T; t++) {
            const int i = c * T + t;
            effect += residual[t] * S[i];
            rate += residual[t] * R[i] * A[i];
            retention += residual[t] * R[i] * lam * D[i];
        }
        g_alpha[c] = precision * beta * retention * alpha * (1 - alpha) + (1 - alpha) - 3 * alpha;
        value += log(alpha) + 3 * log(1 - alpha);
        g_lam[c] = precision * beta * rate * lam + 3 - lam;
        value += 3 * u_lam[c] - lam;
        g_beta[c] = precision * effect * beta - beta * beta / 4 + 1;
        value += u_beta[c] - beta * beta / 8;
    }
    g_gamma[K] = squares * precision - T - sigma * sigma + 1;
    value += gamma[K] - 0.5 * sigma * sigma;
    return value;
}
