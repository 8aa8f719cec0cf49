#include "TapeKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

#include "tape_double.inc"
#pragma clang attribute pop

const struct tape_kernels tape_double_avx512 = TAPE_KERNELS;
#endif
