// oneDNN, loaded when it is first used, and the layers around its convolutions.
//
// All feature maps have a blocked layout: batch, blocks of 8 or 16 channels, positions, channels of a block. The
// channels that pad the last block are zero. Weights and their gradients have the plain layout output channels x input
// channels x height x width, and may be a slice of larger ones; each convolution reorders them into the layout that
// oneDNN wants.

#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Loads oneDNN and the OpenMP library that it uses. Returns the cause of a failure, or NULL.
const char *_Nullable onednn_load(void);

/// The version of oneDNN, such as 2.6.3, once it is loaded.
const char *onednn_version(void);

/// The instruction set that oneDNN uses on this processor, as its number in dnnl_types.h.
int onednn_instructions(void);

/// The number of channels of a block: 16 with AVX-512, else 8.
long onednn_block(void);

/// Sets the number of threads of the convolutions and layers that the calling thread makes and runs.
void onednn_set_threads(int threads);

// Convolutions

struct onednn_convolution_shape {
  long batch, inputs, outputs;
  /// The number of groups, which divides inputs and outputs; the number of channels for a depthwise convolution.
  long groups;
  /// The height and width of the input.
  long size;
  long kernel, stride;
  /// Whether the input has the plain layout batch, channels, positions.
  bool plain_input;
  /// The strides of the weights between output channels, input channels of a group, rows, and columns.
  long weight_strides[4];
  /// Whether gradients are computed, and whether the input's gradient is among them.
  bool has_gradients, has_input_gradient;
};

struct onednn_convolution;

/// Makes a convolution. If oneDNN refuses the shape, the result is NULL and `*cause` says why. Convolutions that run
/// one after the other may share their scratch memory, which holds the reordered weights.
struct onednn_convolution *_Nullable onednn_convolution_create(
    const struct onednn_convolution_shape *shape, const char *_Nullable *_Nonnull cause);
void onednn_convolution_destroy(struct onednn_convolution *convolution);
/// The bytes of scratch memory that the convolution needs.
long onednn_convolution_scratch(const struct onednn_convolution *convolution);

/// These functions return whether oneDNN succeeded. `scratch` is aligned to 64 bytes.
bool onednn_convolution_forward(
    struct onednn_convolution *convolution, const float *input, const float *weights, float *output, void *scratch);
/// The bytes of the weights in the layout of the forward pass.
long onednn_convolution_prepared(const struct onednn_convolution *convolution);
/// Rearranges weights into that layout, once for many passes.
bool onednn_convolution_prepare(
    struct onednn_convolution *convolution, const float *weights, void *prepared, void *scratch);
bool onednn_convolution_forward_prepared(
    struct onednn_convolution *convolution, const float *input, const void *prepared, float *output, void *scratch);
bool onednn_convolution_input_gradient(
    struct onednn_convolution *convolution, const float *output_gradient, const float *weights, float *input_gradient,
    void *scratch);
/// - adds: Whether the gradient is added to `weight_gradient`; otherwise it replaces it.
bool onednn_convolution_weight_gradient(
    struct onednn_convolution *convolution, const float *input, const float *output_gradient, float *weight_gradient,
    bool adds, void *scratch);

// Batch norm, with the addition and activation behind it

struct feature_map {
  long batch, channels, positions, block;
};

/// The number of elements of a feature map, with the padding of the last block.
long feature_map_count(struct feature_map map);

/// The mean and the biased variance of each channel. `partial` has room for 2 x batch x padded channels.
void norm_statistics(struct feature_map map, const float *x, float *partial, float *mean, float *variance);

/// y = scale x + shift, plus `residual` unless it is NULL, followed by a ReLU if `activates`. y may be x.
void norm_apply(
    struct feature_map map, const float *x, const float *scale, const float *shift, const float *_Nullable residual,
    bool activates, float *y);

/// The gradient g of the ReLU's input, and for each channel the sums of g and of g (x - mean).
///
/// - second: A second part of the gradient, which is added, or NULL.
/// - y: The layer's output if a residual was added before the ReLU. If it is NULL, the ReLU's mask is computed from
///   scale x + shift.
/// - g: The memory that the gradient is written to, or NULL. It may be `gradient`.
void norm_gradient_sums(
    struct feature_map map, const float *gradient, const float *_Nullable second, const float *_Nullable y,
    const float *x, const float *mean, const float *scale, const float *shift, bool activates, float *_Nullable g,
    float *partial, float *sums, float *products);

/// dx = a g + b x + c, with g masked by the ReLU of scale x + shift if `activates`. dx may be g.
void norm_gradient_apply(
    struct feature_map map, const float *g, const float *x, const float *a, const float *b, const float *c,
    const float *scale, const float *shift, bool activates, float *dx);

// Pooling

/// The maximum or the mean of each window of window x window positions, which lie beside each other. What remains at
/// the right and at the bottom isn't pooled.
///
/// - map: The layout of x, of side x side positions. y has side / window in each direction.
void window_pool_forward(
    struct feature_map map, long side, long window, bool is_max, const float *x, float *y);
/// The gradient of x. That of a maximum belongs to the first of equal values.
void window_pool_backward(
    struct feature_map map, long side, long window, bool is_max, const float *x, const float *gradient, float *dx);

// The head

/// The means over positions: batch x channels.
void pool_forward(struct feature_map map, const float *x, float *y);
void pool_backward(struct feature_map map, const float *gradient, float *dx);
/// y = x w' + bias. y is rows x outputs; w is outputs x inputs, with a stride of `stride` numbers between outputs.
void linear_forward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *bias, float *y);
/// Adds to the gradients of w and bias, and writes the gradient of x.
void linear_backward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *gradient,
    float *dx, float *dw, float *dbias);

// Vectors

/// a += b
void vector_add(long count, float *a, const float *b);
/// One step of SGD with Nesterov momentum in PyTorch's form: d = g + decay w, v = momentum v + d,
/// w -= rate (d + momentum v).
void vector_sgd(long count, float *w, const float *g, float *v, float rate, float momentum, float decay);
/// average += share (w - average)
void vector_average(long count, float *average, const float *w, float share);

// Images

/// The augmentation of an image of a batch.
struct image_change {
  /// The index of the image.
  long image;
  /// The first row and column of the crop. Pixels outside the image are mirrored.
  int32_t top, left;
  bool flips;
  /// The half-open range of rows and columns of the result that the mean replaces (cutout).
  int32_t cut_top, cut_bottom, cut_left, cut_right;
};

/// Writes normalised images, (v / 255 - mean) / deviation for each of three channels, as batch x 3 x size x size.
void images_prepare(
    long count, const uint8_t *pixels, long image_size, const struct image_change *changes, const float *mean,
    const float *deviation, long size, float *batch);

#pragma clang assume_nonnull end

#endif
