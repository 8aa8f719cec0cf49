#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 16
#define ROWS 12
#define VECTORS 2
#define DOT_ROWS 4
#define FOR_MORE_ROWS(BODY) \
  case 5: BODY(5); break; \
  case 6: BODY(6); break; \
  case 7: BODY(7); break; \
  case 8: BODY(8); break; \
  case 9: BODY(9); break; \
  case 10: BODY(10); break; \
  case 11: BODY(11); break; \
  case 12: BODY(12); break;
#define FOR_DOT_ROWS(count, BODY) \
  switch (count) { \
    case 1: BODY(1); break; \
    case 2: BODY(2); break; \
    case 3: BODY(3); break; \
    case 4: BODY(4); break; \
    default: __builtin_unreachable(); \
  }
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define IN_FOURS(a, b, c, d) \
  a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12, d + 12
#define SUM_OF_FOURS(v) \
  ((__builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7)) \
   + (__builtin_shufflevector(v, v, 8, 9, 10, 11) + __builtin_shufflevector(v, v, 12, 13, 14, 15)))
#define LOAD_SOME(place, count) (Vector)_mm512_maskz_loadu_ps((__mmask16)((1u << (count)) - 1), place)
#define STORE_SOME(place, vector, count) _mm512_mask_storeu_ps(place, (__mmask16)((1u << (count)) - 1), (__m512)(vector))

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#include "vectors.inc"
#include "products.inc"
#include "rows.inc"
#pragma clang attribute pop

const struct vector_kernels kernels_avx512 = KERNELS("AVX-512");
#endif
