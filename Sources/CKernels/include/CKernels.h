#ifndef CKERNELS_H
#define CKERNELS_H

#include "TapeKernels.h"

/// The coefficients of one step of AdamW, for a weight w with the gradient g and the moments m and v:
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

/// The bias, norm and activation of a layer for rows of `width` values: see `UnitActivation`.
struct kernels_activation {
  long width;
  /// If 0, `scale` and `shift` are not read.
  int layer_norm;
  float epsilon;
  /// The factor of gradients in the backward pass of dropout.
  float factor;
  const float *bias, *scale, *shift;
};

/// Kernels compiled for one instruction set. All instruction sets give the same bits, because sums have the order that
/// `vectors.inc` describes. Matrices are row-major; a stride is the distance of two rows in elements. The order of an
/// element's operations doesn't depend on the part of the matrix that is computed, so work can be split anywhere.
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
  /// The product of `gradient`, used as the gradient of one AdamW step of `weights`, `momentum` and `squares`, which
  /// are contiguous (rows x columns).
  void (*_Nonnull gradient_step)(long rows, long inner, long columns, const float *left, long left_stride, const float *right,
                        long right_stride, float *weights, float *momentum, float *squares,
                        const struct kernels_adamw *step);
  /// One AdamW step of `count` weights against `gradients * scale`.
  void (*_Nonnull adamw)(long count, const float *gradients, float scale, float *weights, float *momentum, float *squares,
                         const struct kernels_adamw *step);
  /// Rows `first` to before `end` of `result = sums * values`, both contiguous, of `width` columns.
  void (*_Nonnull sum)(const struct kernels_sums *sums, long first, long end, long width, const float *values,
                       float *result);
  /// `RowKernels.activate` for rows `first` to before `end`, without dropout.
  void (*_Nonnull activate)(const struct kernels_activation *activation, long first, long end, float *z,
                            const struct kernels_sums *_Nullable sums, const float *_Nullable source, float *result,
                            float *reciprocals);
  /// `RowKernels.activateBackward` for rows `first` to before `end`. `vector_gradients` holds the gradients of bias,
  /// scale and shift, one behind the other.
  void (*_Nonnull activate_backward)(const struct kernels_activation *activation, long first, long end, float *gradient,
                                     const struct kernels_sums *_Nullable sums, const float *_Nullable source,
                                     const float *normalised, const float *result, const float *reciprocals,
                                     float *vector_gradients);
};

/// The kernels for AVX-512 (0), AVX2 (1) or any processor (2), or NULL if the processor lacks these instructions.
const struct vector_kernels *_Nullable kernels_for_instructions(int number);

#pragma clang assume_nonnull end

/// A hint to the processor that a loop is a spin wait for another thread.
static inline void kernels_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
