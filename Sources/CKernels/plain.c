// The kernels for any processor: the compiler maps vectors of sixteen lanes to the processor's registers, such as four
// NEON registers.

#include "CKernels.h"

#define LANES 16
#define ROWS 4
#define VECTORS 1
#define DOT_ROWS 1
#define FOR_MORE_ROWS(BODY)
#define FOR_DOT_ROWS(count, BODY) \
  switch (count) { \
    case 1: BODY(1); break; \
    default: __builtin_unreachable(); \
  }
#define FMA(a, b, c) fused(a, b, c)
#define IN_FOURS(a, b, c, d) \
  a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12, d + 12
#define SUM_OF_FOURS(v) \
  ((__builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7)) \
   + (__builtin_shufflevector(v, v, 8, 9, 10, 11) + __builtin_shufflevector(v, v, 12, 13, 14, 15)))
#define LOAD_SOME(place, count) load_some(place, count)
#define STORE_SOME(place, vector, count) store_some(place, vector, count)

#include "vectors.inc"

INLINE Vector load_some(const float *place, long count) {
  Vector vector = {0};
  for (long lane = 0; lane < count; lane++) vector[lane] = place[lane];
  return vector;
}

INLINE void store_some(float *place, Vector vector, long count) {
  for (long lane = 0; lane < count; lane++) place[lane] = vector[lane];
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
INLINE Vector fused(Vector a, Vector b, Vector c) { return __builtin_elementwise_fma(a, b, c); }
#else
typedef double Doubles __attribute__((vector_size(8 * LANES)));
typedef long Bits __attribute__((vector_size(8 * LANES)));

/// `a * b + c`, rounded once (fused multiply-add), for processors without an instruction for it.
///
/// The product of two floats is exact in double precision. The sum is rounded to odd (Boldo and Melquiond, 2008): an
/// inexact sum whose last bit is even becomes its neighbour towards the exact sum. Single precision has more than two
/// bits less, so rounding this sum to single precision gives the same value as rounding the exact sum.
INLINE Vector fused(Vector a, Vector b, Vector c) {
  const Doubles product = __builtin_convertvector(a, Doubles) * __builtin_convertvector(b, Doubles);
  const Doubles term = __builtin_convertvector(c, Doubles);
  const Doubles sum = product + term;
  // The rounding error of the sum (Knuth's two-sum).
  const Doubles part = sum - product;
  const Doubles error = (product - (sum - part)) + (term - part);
  // Both comparisons are false if the error is NaN, which happens if the sum is infinite or NaN.
  const Bits inexact = (Bits)(error > 0) | (Bits)(error < 0);
  const Bits even = ((Bits)sum & 1) - 1;
  const Bits away = (((Bits)error ^ (Bits)sum) >> 63) | 1;
  return __builtin_convertvector((Doubles)((Bits)sum + (inexact & even & away)), Vector);
}
#endif

#include "products.inc"
#include "rows.inc"

const struct vector_kernels kernels_plain = KERNELS("plain");
