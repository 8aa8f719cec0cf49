#ifndef CKERNELS_H
#define CKERNELS_H

#include "TapeKernels.h"

/// One step of AdamW as numbers, for a weight w with the gradient g and the moments m and v:
///
///     m = keep1 m + take1 g;  v = keep2 v + take2 g^2
///     w = weightKeep w - stepSize m / (correction sqrt(v) + epsilon)
struct kernels_adamw {
  float stepSize, weightKeep, keep1, take1, keep2, take2, correction, epsilon;
};

#pragma clang assume_nonnull begin

/// A sparse matrix: row r has the entries offsets[r] to offsets[r + 1] of `columns` and `weights`.
struct kernels_sums {
  const int *offsets, *columns;
  const float *weights;
};

/// What a layer does to a row of `width` values: see `UnitActivation`.
struct kernels_activation {
  long width;
  /// If 0, `scale` and `shift` are not read.
  int layer_norm;
  float epsilon;
  /// What gradients are multiplied by on their way back through dropout.
  float factor;
  const float *bias, *scale, *shift;
};

/// Kernels compiled for one instruction set; all give the same bits, by the orders of sums that `vectors.inc` tells. Matrices are row-major; a stride is the distance of two rows in elements.
/// Every element of a result is computed in the same order whatever part of the matrix is asked for, so that work can be
/// cut anywhere without changing a bit.
struct vector_kernels {
  /// The instruction set.
  const char *name;
  /// `result (rows x columns) = left (rows x inner) * right (inner x columns)`.
  void (*_Nonnull product)(long rows, long inner, long columns, const float *left, long left_stride, const float *right,
                  long right_stride, float *result, long result_stride);
  /// `result (rows x columns) = left (rows x inner) * right (columns x inner), transposed`.
  void (*_Nonnull transposed_product)(long rows, long inner, long columns, const float *left, long left_stride,
                             const float *right, long right_stride, float *result, long result_stride);
  /// `result (rows x columns) = left (inner x rows), transposed, * right (inner x columns)`.
  void (*_Nonnull gradient)(long rows, long inner, long columns, const float *left, long left_stride, const float *right,
                   long right_stride, float *result, long result_stride);
  /// As `gradient`, but instead of being stored the result moves `weights` and `moments`, contiguous (rows x columns).
  void (*_Nonnull gradient_step)(long rows, long inner, long columns, const float *left, long left_stride, const float *right,
                        long right_stride, float *weights, float *momentum, float *squares,
                        const struct kernels_adamw *step);
  /// One step of `count` weights against `gradients * scale`.
  void (*_Nonnull adamw)(long count, const float *gradients, float scale, float *weights, float *momentum, float *squares,
                         const struct kernels_adamw *step);
  /// Rows `first` to before `end` of `result = sums * values`, both contiguous, of `width` columns.
  void (*_Nonnull sum)(const struct kernels_sums *sums, long first, long end, long width, const float *values,
                       float *result);
  /// `RowKernels.activate` for rows `first` to before `end`, without dropout.
  void (*_Nonnull activate)(const struct kernels_activation *activation, long first, long end, float *z,
                            const struct kernels_sums *_Nullable sums, const float *_Nullable source, float *result,
                            float *reciprocals);
  /// `RowKernels.activateBackward` for rows `first` to before `end`; the three gradients lie one behind the other.
  void (*_Nonnull activate_backward)(const struct kernels_activation *activation, long first, long end, float *gradient,
                                     const struct kernels_sums *_Nullable sums, const float *_Nullable source,
                                     const float *normalised, const float *result, const float *reciprocals,
                                     float *vector_gradients);
};

/// The kernels for AVX-512 (0), AVX2 (1) or any processor (2), or NULL where the processor has no such instructions.
const struct vector_kernels *_Nullable kernels_for_instructions(int number);

#pragma clang assume_nonnull end

/// Tells the processor that a loop waits for another thread.
static inline void kernels_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
