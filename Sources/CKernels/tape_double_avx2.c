#include "TapeKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// Sixteen lanes that are used and sixteen that aren't. From `16 - count` on, the first `count` are used.
static const int64_t used_lanes[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

#define LANE_MASK(count, first) _mm256_loadu_si256((const __m256i *)(used_lanes + 16 - (count) + (first)))
#define LOAD_FOUR(place, count, first) _mm256_maskload_pd((place) + (first), LANE_MASK(count, first))
#define LOAD_EIGHT(place, count, first) \
  __builtin_shufflevector( \
      LOAD_FOUR(place, count, first), LOAD_FOUR(place, count, (first) + 4), 0, 1, 2, 3, 4, 5, 6, 7)
#define LOAD_SOME(place, count) \
  (Vector)__builtin_shufflevector( \
      LOAD_EIGHT(place, count, 0), LOAD_EIGHT(place, count, 8), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define STORE_SOME(place, vector, count) \
  do { \
    const Vector lanes = (vector); \
    _mm256_maskstore_pd( \
        (place) + 0, LANE_MASK(count, 0), (__m256d)__builtin_shufflevector(lanes, lanes, 0, 1, 2, 3)); \
    _mm256_maskstore_pd( \
        (place) + 4, LANE_MASK(count, 4), (__m256d)__builtin_shufflevector(lanes, lanes, 4, 5, 6, 7)); \
    _mm256_maskstore_pd( \
        (place) + 8, LANE_MASK(count, 8), (__m256d)__builtin_shufflevector(lanes, lanes, 8, 9, 10, 11)); \
    _mm256_maskstore_pd( \
        (place) + 12, LANE_MASK(count, 12), (__m256d)__builtin_shufflevector(lanes, lanes, 12, 13, 14, 15)); \
  } while (0)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "tape_double.inc"
#pragma clang attribute pop

const struct tape_kernels tape_double_avx2 = TAPE_KERNELS;
#endif
