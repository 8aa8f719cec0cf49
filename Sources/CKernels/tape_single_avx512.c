#include "TapeKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define LOAD_SOME(place, count) (Vector)_mm512_maskz_loadu_ps((__mmask16)((1u << (count)) - 1), place)
#define STORE_SOME(place, vector, count) \
  _mm512_mask_storeu_ps(place, (__mmask16)((1u << (count)) - 1), (__m512)(vector))
#include "tape_single.inc"
#pragma clang attribute pop

const struct tape_kernels tape_single_avx512 = TAPE_KERNELS;
#endif
