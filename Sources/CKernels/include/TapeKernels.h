#ifndef TAPE_KERNELS_H
#define TAPE_KERNELS_H

#include <stdint.h>

// The loops of the tape's operations, for single and double precision: `void *` points to numbers of the precision of
// the function table. Matrices are row-major, and contiguous unless a stride is given.
//
// All instruction sets compute the same bits: the order of additions depends on shapes alone (sixteen partial sums and
// one tree), no multiplication is fused with an addition, and functions such as exp are polynomials written here.

/// A function of one number; some have a parameter p. The formulas are in `tape.inc`.
enum tape_function {
  tape_identity, tape_relu, tape_gelu, tape_tanh, tape_sigmoid, tape_silu, tape_softplus, tape_leaky, tape_exp,
  tape_log, tape_sqrt, tape_abs, tape_square, tape_reciprocal, tape_huber, tape_pinball, tape_sign
};

enum tape_arithmetic { tape_add, tape_subtract, tape_multiply, tape_divide };

#pragma clang assume_nonnull begin

/// An operand of element-wise arithmetic. A step of 0 repeats it along rows or columns.
struct tape_operand {
  const void *numbers;
  long row_step, column_step;
};

/// The bias, norm and activation of rows: see `RowUnit.swift`. `bias` may be NULL; `scale` and `shift` are NULL without
/// norm.
struct tape_unit {
  long width;
  enum tape_function function;
  int normalises;
  double epsilon;
  const void *_Nullable bias, *_Nullable scale, *_Nullable shift;
};

/// Sums over sparse rows: row r of the result is the sum of weights[e] times row columns[e], for e from offsets[r] to
/// before offsets[r + 1].
struct tape_sums {
  const int32_t *offsets, *columns;
  const float *weights;
};

/// Attention of several heads within segments of rows: see `Attention.swift`.
struct tape_attention {
  /// Segment s has the rows offsets[s] to before offsets[s + 1], and its first pair of rows has the number pairs[s].
  const int32_t *offsets, *pairs;
  long heads, head_width;
  /// Queries, keys and values lie side by side in rows of 3 * heads * head_width numbers.
  const void *packed;
  /// The score bias, a number for each pair and head, or NULL.
  const void *_Nullable bias;
  double scale;
};

struct tape_kernels {
  void (*map)(enum tape_function function, double parameter, long count, const void *x, void *y);
  /// `result = g * f'(x)`; y = f(x).
  void (*map_slope)(enum tape_function function, double parameter, long count, const void *g, const void *x,
                    const void *y, void *result);
  /// `result = a * b * f''(x)`.
  void (*map_curvature)(enum tape_function function, double parameter, long count, const void *a, const void *b,
                        const void *x, const void *y, void *result);
  void (*arithmetic)(enum tape_arithmetic operation, long rows, long columns, struct tape_operand left,
                     struct tape_operand right, void *result);
  /// `y = a x + b`.
  void (*affine)(long count, double a, double b, const void *x, void *y);
  /// `y = y + x`.
  void (*accumulate)(long count, const void *x, void *y);
  /// The sum of each column, added one row after the other; `stride` is the distance between rows.
  void (*column_sums)(long rows, long columns, const void *x, long stride, void *result);
  /// The sum of each row.
  void (*row_sums)(long rows, long columns, const void *x, void *result);
  /// The dot product of each row with `vector`.
  void (*dots)(long rows, long columns, const void *x, const void *vector, void *result);
  /// `result[c * rows + r] = x[r * columns + c]`, for columns `first` to before `end`.
  void (*transpose)(long rows, long columns, long first, long end, const void *x, void *result);
  void (*copy)(long rows, long columns, const void *from, long from_stride, void *to, long to_stride);
  /// Computes rows `first` to before `end`. Unless `sums` is NULL, z is first computed as these sums of rows of
  /// `source`.
  void (*unit)(const struct tape_unit *unit, const struct tape_sums *_Nullable sums, const void *_Nullable source,
               long first, long end, const void *_Nullable z, void *x, void *h, void *reciprocals);
  /// Computes the gradient of z from the gradient of h, and adds the rows' parts to the gradients of bias, scale and
  /// shift, which `vector_gradients` holds one behind the other.
  void (*unit_slope)(const struct tape_unit *unit, long first, long end, const void *g, const void *x, const void *h,
                     const void *reciprocals, void *z_gradient, void *vector_gradients);
  void (*sums)(const struct tape_sums *sums, long first, long end, long width, const void *values, void *result);
  /// The softmax of each row.
  void (*softmax)(long rows, long columns, const void *x, void *y);
  void (*softmax_slope)(long rows, long columns, const void *g, const void *y, void *result);
  /// The softmax over a segment's rows, for each segment and column.
  void (*segment_softmax)(const int32_t *offsets, long first, long end, long width, const void *x, void *y);
  void (*segment_softmax_slope)(const int32_t *offsets, long first, long end, long width, const void *g,
                                const void *y, void *result);
  /// The largest number and the first row that has it, for each segment and column; 0 and -1 for an empty segment.
  void (*segment_maximum)(const int32_t *offsets, long first, long end, long width, const void *x, void *y,
                          int32_t *rows);
  /// Multiplies each number by 0 or `factor`, which a hash of `seed` and the element's index decides: see
  /// `Dropout.swift`.
  void (*dropout)(long first, long end, long width, uint64_t seed, uint64_t threshold, double factor, const void *x,
                  void *y);
  /// Computes segments `first` to before `end`; `scratch` has room for `tape_attention_scratch` numbers.
  void (*attention)(const struct tape_attention *attention, long first, long end, void *probabilities, void *result,
                    void *scratch);
  void (*attention_slope)(const struct tape_attention *attention, long first, long end, const void *g,
                          const void *probabilities, void *packed_gradient, void *_Nullable bias_gradient,
                          void *scratch);
  /// `result = left * right`, each possibly transposed, by plain loops. It serves double precision and results with few
  /// columns.
  void (*product)(long rows, long inner, long columns, const void *left, long left_row, long left_inner,
                  const void *right, long right_inner, long right_column, void *result, long result_stride);
};

/// The kernels for AVX-512 (0), AVX2 (1) or any processor (2), or NULL if the processor lacks these instructions.
const struct tape_kernels *_Nullable tape_kernels_for_instructions(int number, int is_double);
const struct tape_kernels *tape_kernels_for_any_processor(int is_double);

#pragma clang assume_nonnull end

/// The size of the scratch memory that attention needs for segments of at most `rows` rows, in numbers.
static inline long tape_attention_scratch(long rows, long head_width) {
  const long padded = (rows + 15) / 16 * 16 + 16;
  return padded * (head_width + 16) + padded * (rows + 4);
}

#endif
