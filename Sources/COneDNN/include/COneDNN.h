// oneDNN, loaded when it is first asked for, and the layers around its convolutions.
//
// Feature maps are blocked throughout: batch, blocks of 8 or 16 channels, positions, channels of a block. Channels that a
// last block lacks are zero. Weights and their gradients are plain, output channels x input channels x height x width,
// perhaps a part of larger ones; each convolution brings them into the form that oneDNN wants.

#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Loads oneDNN and the OpenMP library that it runs on.
/// Returns why that isn't possible, or NULL.
const char *_Nullable onednn_load(void);

/// Its version, such as 2.6.3, once it is loaded.
const char *onednn_version(void);

/// How oneDNN calls the instructions that it uses here, as the number in dnnl_types.h.
int onednn_instructions(void);

/// The channels of a block: 16 with AVX-512, else 8.
long onednn_block(void);

/// How many threads convolutions and layers use that this thread runs, and are made for.
void onednn_set_threads(int threads);

// Convolutions

struct onednn_convolution_shape {
  long batch, inputs, outputs;
  /// 1, or as many as there are inputs.
  long groups;
  /// Height and width of the input.
  long size;
  long kernel, stride;
  /// Whether the input is plain: batch, channels, positions.
  bool plain_input;
  /// Distances in the weights between output channels, input channels of a group, rows, columns.
  long weight_strides[4];
  /// Whether gradients are wanted, and whether also that of the input.
  bool has_gradients, has_input_gradient;
};

struct onednn_convolution;

/// NULL, and `*cause` why, where oneDNN refuses. The memory of all convolutions that are run by a thread one after the
/// other, such as their rearranged weights, is shared.
struct onednn_convolution *_Nullable onednn_convolution_create(
    const struct onednn_convolution_shape *shape, const char *_Nullable *_Nonnull cause);
void onednn_convolution_destroy(struct onednn_convolution *convolution);
/// Bytes of memory that it needs beside feature maps.
long onednn_convolution_scratch(const struct onednn_convolution *convolution);

/// Each returns whether oneDNN did it. `scratch` is aligned to 64 bytes.
bool onednn_convolution_forward(
    struct onednn_convolution *convolution, const float *input, const float *weights, float *output, void *scratch);
/// Bytes of weights in the form that the forward pass wants.
long onednn_convolution_prepared(const struct onednn_convolution *convolution);
/// Brings weights into that form, once for many passes.
bool onednn_convolution_prepare(
    struct onednn_convolution *convolution, const float *weights, void *prepared, void *scratch);
bool onednn_convolution_forward_prepared(
    struct onednn_convolution *convolution, const float *input, const void *prepared, float *output, void *scratch);
bool onednn_convolution_input_gradient(
    struct onednn_convolution *convolution, const float *output_gradient, const float *weights, float *input_gradient,
    void *scratch);
/// - adds: Whether to add to what is in `weight_gradient`.
bool onednn_convolution_weight_gradient(
    struct onednn_convolution *convolution, const float *input, const float *output_gradient, float *weight_gradient,
    bool adds, void *scratch);

// Batch norm and what follows it

struct feature_map {
  long batch, channels, positions, block;
};

/// Numbers in a feature map, those that fill up the last block counted.
long feature_map_count(struct feature_map map);

/// Means and biased variances of channels. `partial` has room for 2 x batch x filled-up channels.
void norm_statistics(struct feature_map map, const float *x, float *partial, float *mean, float *variance);

/// y = scale x + shift, plus `residual`, perhaps through a ReLU. y may be x.
void norm_apply(
    struct feature_map map, const float *x, const float *scale, const float *shift, const float *_Nullable residual,
    bool activates, float *y);

/// The gradient g behind a ReLU, and its sums with and without (x - mean), a number for each channel.
///
/// - second: A further part of the gradient, to be added.
/// - y: What the layer gave, where a sum came before the ReLU; else the ReLU is seen from scale x + shift.
/// - g: Where to write the gradient, or NULL; may be `gradient`.
void norm_gradient_sums(
    struct feature_map map, const float *gradient, const float *_Nullable second, const float *_Nullable y,
    const float *x, const float *mean, const float *scale, const float *shift, bool activates, float *_Nullable g,
    float *partial, float *sums, float *products);

/// dx = a g + b x + c, with g masked by the ReLU of scale x + shift if `activates`. dx may be g.
void norm_gradient_apply(
    struct feature_map map, const float *g, const float *x, const float *a, const float *b, const float *c,
    const float *scale, const float *shift, bool activates, float *dx);

// The head

/// Means over positions: batch x channels.
void pool_forward(struct feature_map map, const float *x, float *y);
void pool_backward(struct feature_map map, const float *gradient, float *dx);
/// y = x w' + bias; y is rows x outputs, w outputs x inputs with `stride` numbers from one output to the next.
void linear_forward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *bias, float *y);
/// Adds to the gradients of w and bias, and writes that of x.
void linear_backward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *gradient,
    float *dx, float *dw, float *dbias);

// Vectors

/// a += b
void vector_add(long count, float *a, const float *b);
/// One step of SGD with Nesterov's momentum, as PyTorch has it: d = g + decay w, v = momentum v + d,
/// w -= rate (d + momentum v).
void vector_sgd(long count, float *w, const float *g, float *v, float rate, float momentum, float decay);
/// average += share (w - average)
void vector_average(long count, float *average, const float *w, float share);

// Images

/// What is done to an image of a batch.
struct image_change {
  /// The image's number.
  long image;
  /// The first row and column of the part that is taken; what lies outside mirrors what is inside.
  int32_t top, left;
  bool flips;
  /// The part of the result that is replaced by the mean, half open.
  int32_t cut_top, cut_bottom, cut_left, cut_right;
};

/// Normalised images, (v / 255 - mean) / deviation for each of three channels, as batch x 3 x size x size.
void images_prepare(
    long count, const uint8_t *pixels, long image_size, const struct image_change *changes, const float *mean,
    const float *deviation, long size, float *batch);

#pragma clang assume_nonnull end

#endif
