#include "CBenchmarks.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

typedef double v8 __attribute__((vector_size(64), aligned(8)));
typedef int64_t i8 __attribute__((vector_size(64), aligned(8)));
typedef uint64_t u8 __attribute__((vector_size(64), aligned(8)));

// A macro: vectors of this width as arguments would make the calling convention depend on the flags.
#define SELECT(mask, yes, no) ((v8)(((i8)(yes) & (mask)) | ((i8)(no) & ~(mask))))

void vector_exp(const double *x, double *y, size_t count) {
    const double magic = 0x1.8p52;
    for (size_t i = 0; i < count; i += 8) {
        v8 v;
        memcpy(&v, x + i, sizeof v);
        const v8 high = {709, 709, 709, 709, 709, 709, 709, 709};
        const v8 low = -708 * (high / high);
        v = SELECT(v > high, high, v);
        v = SELECT(v < low, low, v);
        const v8 shifted = v * 0x1.71547652b82fep0 + magic;
        const v8 n = shifted - magic;
        const v8 r = (v - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
        const v8 r2 = r * r, r4 = r2 * r2;
        const v8 q01 = r * 0x1.5555555555555p-3 + 0x1p-1;
        const v8 q23 = r * 0x1.1111111110e6bp-7 + 0x1.5555555554cb8p-5;
        const v8 q45 = r * 0x1.a01a01a4b26e2p-13 + 0x1.6c16c1738ecf7p-10;
        const v8 q67 = r * 0x1.71de17e7960e6p-19 + 0x1.a019c9ab213aap-16;
        const v8 q89 = r * 0x1.af2360e209bc8p-26 + 0x1.28803926c8ea8p-22;
        const v8 q03 = q23 * r2 + q01, q47 = q67 * r2 + q45;
        const v8 q07 = r4 * q47 + q03;
        const v8 q = (r4 * r4) * q89 + q07;
        const v8 p = 1.0 + (r + r2 * q);
        const u8 bits = (u8)p + ((u8)shifted << 52);
        memcpy(y + i, &bits, sizeof bits);
    }
}

void vector_log(const double *x, double *y, size_t count) {
    const double magic = 0x1.8p52;
    const uint64_t offset = 0x3fe6a09e667f3bcdULL - 0x4000000000000000ULL;
    for (size_t i = 0; i < count; i += 8) {
        v8 v;
        memcpy(&v, x + i, sizeof v);
        const u8 bits = (u8)v;
        const u8 shifted = bits - offset;
        const u8 mantissa = bits - (shifted & 0xfff0000000000000ULL) + 0x4000000000000000ULL;
        uint64_t pattern;
        memcpy(&pattern, &magic, sizeof pattern);
        const v8 e = (v8)((shifted >> 52) + pattern) - (magic + 1024);
        const v8 f = (v8)mantissa - 1.0;
        const v8 s = f / (2.0 + f);
        const v8 z = s * s, w = z * z;
        const v8 even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
        const v8 odd = z * (0x1.5555555555593p-1
                            + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
        const v8 half = 0.5 * (f * f);
        const v8 correction = s * (half + (odd + even)) + e * 0x1.a39ef35793c76p-33;
        const v8 result = e * 0x1.62e42feep-1 - ((half - correction) - f);
        memcpy(y + i, &result, sizeof result);
    }
}

void library_exp(const double *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = exp(x[i]);
}

void library_log(const double *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = log(x[i]);
}
