#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 8
#define ROWS 6
#define VECTORS 2
#define DOT_ROWS 3
#define FOR_MORE_ROWS(BODY) \
  case 5: BODY(5); break; \
  case 6: BODY(6); break;
#define FOR_DOT_ROWS(count, BODY) \
  switch (count) { \
    case 1: BODY(1); break; \
    case 2: BODY(2); break; \
    case 3: BODY(3); break; \
    default: __builtin_unreachable(); \
  }
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define IN_FOURS(a, b, c, d) a, b, c, d, a + 4, b + 4, c + 4, d + 4
#define SUM_OF_FOURS(v) (__builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7))
#define LOAD_SOME(place, count) (Vector)_mm256_maskload_ps(place, (__m256i)~lanes_from(count))
#define STORE_SOME(place, vector, count) _mm256_maskstore_ps(place, (__m256i)~lanes_from(count), (__m256)(vector))

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "vectors.inc"
#include "products.inc"
#include "rows.inc"
#pragma clang attribute pop

const struct vector_kernels kernels_avx2 = KERNELS("AVX2");
#endif
