#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "onednn.h"

/// A primitive with its memory objects, whose addresses are set before each run.
struct step {
  dnnl_primitive_t primitive;
  int count;
  dnnl_exec_arg_t arguments[4];
};

struct onednn_convolution {
  struct onednn_convolution_shape shape;
  /// The output channels, and the input channels that each output reads, padded to whole blocks; oneDNN is fast with
  /// whole blocks only.
  long outputs, inputs;
  /// Whether groups that aren't whole blocks are computed as one group, whose other weights are zero.
  bool is_spread;
  struct step forward, input_gradient, weight_gradient;
  /// The reorders between plain weights with padded channels and the layouts that the primitives above want.
  struct step forward_weights, input_weights, weights_back;
  /// The bytes of the primitives' scratchpad, of the plain weights, and of the reordered weights.
  long working, plain, rearranged;
};

static void destroy(struct step *step) {
  for (int i = 0; i < step->count; i++) onednn.memory_destroy(step->arguments[i].memory);
  if (step->primitive) onednn.primitive_destroy(step->primitive);
}

void onednn_convolution_destroy(struct onednn_convolution *c) {
  struct step *steps[] = {&c->forward,         &c->input_gradient, &c->weight_gradient,
                          &c->forward_weights, &c->input_weights,  &c->weights_back};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) destroy(steps[i]);
  free(c);
}

static bool add(struct step *step, int argument, const dnnl_memory_desc_t *description) {
  dnnl_memory_t memory;
  if (onednn.memory_create(&memory, description, onednn_engine, DNNL_MEMORY_NONE) != dnnl_success) return false;
  step->arguments[step->count++] = (dnnl_exec_arg_t){argument, memory};
  return true;
}

static long larger(long a, long b) { return a > b ? a : b; }

/// Makes a reorder primitive from one layout to another.
static bool make_reorder(
    struct step *step, const dnnl_memory_desc_t *from, const dnnl_memory_desc_t *to, long *working) {
  dnnl_primitive_attr_t attributes;
  dnnl_primitive_desc_t description;
  if (onednn.primitive_attr_create(&attributes) != dnnl_success) return false;
  onednn.primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  bool made =
      onednn.reorder_primitive_desc_create(&description, from, onednn_engine, to, onednn_engine, attributes) ==
      dnnl_success;
  onednn.primitive_attr_destroy(attributes);
  if (!made) return false;
  const dnnl_memory_desc_t *scratch = onednn.primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  *working = larger(*working, (long)onednn.memory_desc_get_size(scratch));
  made = add(step, DNNL_ARG_FROM, from) && add(step, DNNL_ARG_TO, to) && add(step, DNNL_ARG_SCRATCHPAD, scratch) &&
         onednn.primitive_create(&step->primitive, description) == dnnl_success;
  onednn.primitive_desc_destroy(description);
  return made;
}

/// Makes a primitive with three feature maps or weights, in the order of `arguments`, and stores the layout that it
/// wants for its weights in `wanted`.
static bool make(
    struct step *step, const dnnl_convolution_desc_t *operation, dnnl_primitive_desc_t hint,
    dnnl_primitive_desc_t *description, const int arguments[3], const dnnl_query_t queries[3], int weights,
    dnnl_memory_desc_t *wanted, struct onednn_convolution *c) {
  dnnl_primitive_attr_t attributes;
  if (onednn.primitive_attr_create(&attributes) != dnnl_success) return false;
  onednn.primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  bool made =
      onednn.primitive_desc_create(description, operation, attributes, onednn_engine, hint) == dnnl_success;
  onednn.primitive_attr_destroy(attributes);
  if (!made) return false;
  for (int i = 0; i < 3; i++) {
    const dnnl_memory_desc_t *md = onednn.primitive_desc_query_md(*description, queries[i], 0);
    if (!add(step, arguments[i], md)) return false;
    if (i == weights) *wanted = *md;
  }
  const dnnl_memory_desc_t *scratch = onednn.primitive_desc_query_md(*description, dnnl_query_scratchpad_md, 0);
  c->working = larger(c->working, (long)onednn.memory_desc_get_size(scratch));
  c->rearranged = larger(c->rearranged, (long)onednn.memory_desc_get_size(wanted));
  return add(step, DNNL_ARG_SCRATCHPAD, scratch) &&
         onednn.primitive_create(&step->primitive, *description) == dnnl_success;
}

static long filled(long channels) {
  const long block = onednn_block();
  return (channels + block - 1) / block * block;
}

/// Whether Winograd's algorithm (Lavin and Gray, 2016) is faster. It needs a quarter of the products for each tile of
/// 4 x 4 outputs, but transforms inputs, weights and outputs: with fewer channels, small batches, or tiles that reach
/// beyond the image, the direct convolution is as fast.
static bool suits_winograd(const struct onednn_convolution_shape *s) {
  return s->batch >= 8 && s->groups == 1 && s->kernel == 3 && s->stride == 1 && s->size % 4 == 0 && s->inputs >= 32 &&
         s->outputs >= 32;
}

static bool create(
    struct onednn_convolution *c, const struct onednn_convolution_shape *s, dnnl_alg_kind_t algorithm) {
  const bool depthwise = s->groups > 1 && s->groups == s->inputs && s->groups == s->outputs && !s->plain_input;
  const long group_inputs = s->inputs / s->groups, group_outputs = s->outputs / s->groups, block = onednn_block();
  const bool grouped = s->groups > 1 && !depthwise && group_inputs % block == 0 && group_outputs % block == 0;
  c->shape = *s;
  c->is_spread = s->groups > 1 && !depthwise && !grouped;
  c->outputs = filled(s->outputs);
  c->inputs = depthwise ? 1 : grouped ? group_inputs : s->plain_input ? s->inputs : filled(s->inputs);
  const long out = (s->size - 1) / s->stride + 1, pad = s->kernel / 2;
  dnnl_dims_t input_size = {s->batch, depthwise ? c->outputs : grouped ? s->inputs : c->inputs, s->size, s->size};
  dnnl_dims_t output_size = {s->batch, c->outputs, out, out};
  dnnl_dims_t strides = {s->stride, s->stride}, before = {pad, pad};
  const long rest = (out - 1) * s->stride + s->kernel - s->size - pad;
  dnnl_dims_t behind = {rest, rest};
  dnnl_dims_t weights_size = {c->outputs, c->inputs, s->kernel, s->kernel};
  dnnl_dims_t depthwise_size = {c->outputs, 1, 1, s->kernel, s->kernel};
  dnnl_dims_t grouped_size = {s->groups, group_outputs, group_inputs, s->kernel, s->kernel};
  const int rank = depthwise || grouped ? 5 : 4;
  const dnnl_format_tag_t blocked = onednn_block() == 16 ? dnnl_nChw16c : dnnl_nChw8c;
  dnnl_memory_desc_t input, output, any, plain, wanted, wanted_back, wanted_gradient;
  const int64_t *size = depthwise ? depthwise_size : grouped ? grouped_size : weights_size;
  if (onednn.memory_desc_init_by_tag(&input, 4, input_size, dnnl_f32, s->plain_input ? dnnl_nchw : blocked) ||
      onednn.memory_desc_init_by_tag(&output, 4, output_size, dnnl_f32, blocked) ||
      onednn.memory_desc_init_by_tag(&any, rank, size, dnnl_f32, dnnl_format_tag_any) ||
      onednn.memory_desc_init_by_tag(&plain, rank, size, dnnl_f32, rank == 5 ? dnnl_goihw : dnnl_oihw))
    return false;
  c->plain = ((long)onednn.memory_desc_get_size(&plain) + 63) / 64 * 64;

  dnnl_convolution_desc_t operation;
  dnnl_primitive_desc_t forward = NULL, other = NULL;
  if (onednn.convolution_forward_desc_init(
          &operation, s->has_gradients ? dnnl_forward_training : dnnl_forward_inference, algorithm,
          &input, &any, NULL, &output, strides, before, behind))
    return false;
  bool made = make(
      &c->forward, &operation, NULL, &forward, (int[]){DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
      (dnnl_query_t[]){dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md}, 1, &wanted, c);
  made = made && make_reorder(&c->forward_weights, &plain, &wanted, &c->working);
  if (made && s->has_input_gradient) {
    made = !onednn.convolution_backward_data_desc_init(
               &operation, algorithm, &input, &any, &output, strides, before, behind) &&
           make(
               &c->input_gradient, &operation, forward, &other,
               (int[]){DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC},
               (dnnl_query_t[]){dnnl_query_diff_dst_md, dnnl_query_weights_md, dnnl_query_diff_src_md}, 1, &wanted_back,
               c) &&
           make_reorder(&c->input_weights, &plain, &wanted_back, &c->working);
    if (other) onednn.primitive_desc_destroy(other);
    other = NULL;
  }
  if (made && s->has_gradients) {
    made = !onednn.convolution_backward_weights_desc_init(
               &operation, algorithm, &input, &any, NULL, &output, strides, before, behind) &&
           make(
               &c->weight_gradient, &operation, forward, &other,
               (int[]){DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS},
               (dnnl_query_t[]){dnnl_query_src_md, dnnl_query_diff_dst_md, dnnl_query_diff_weights_md}, 2,
               &wanted_gradient, c) &&
           make_reorder(&c->weights_back, &wanted_gradient, &plain, &c->working);
    if (other) onednn.primitive_desc_destroy(other);
  }
  if (forward) onednn.primitive_desc_destroy(forward);
  // The weights lie behind the scratchpad, at a multiple of 64 bytes.
  c->working = (c->working + 63) / 64 * 64;
  return made;
}

struct onednn_convolution *onednn_convolution_create(const struct onednn_convolution_shape *shape, const char **cause) {
  // oneDNN has Winograd's algorithm for some processors only.
  for (int direct = !suits_winograd(shape); direct < 2; direct++) {
    struct onednn_convolution *c = calloc(1, sizeof *c);
    if (c && create(c, shape, direct ? dnnl_convolution_direct : dnnl_convolution_winograd)) return c;
    if (c) onednn_convolution_destroy(c);
  }
  *cause = "oneDNN has no convolution of this shape, or not enough memory for it";
  return NULL;
}

long onednn_convolution_scratch(const struct onednn_convolution *c) { return c->working + c->plain + c->rearranged; }

static bool execute(struct step *step, void *first, void *second, void *third, void *fourth) {
  void *places[] = {first, second, third, fourth};
  for (int i = 0; i < step->count; i++)
    if (onednn.memory_set_data_handle(step->arguments[i].memory, places[i]) != dnnl_success) return false;
  return onednn.primitive_execute(step->primitive, onednn_stream, step->count, step->arguments) == dnnl_success &&
         onednn.stream_wait(onednn_stream) == dnnl_success;
}

struct copy {
  const struct onednn_convolution *convolution;
  const float *from;
  float *to;
  bool adds;
};

/// The place of an output channel's weights among those of all input channels.
static long group_start(const struct onednn_convolution *c, long output) {
  const struct onednn_convolution_shape *s = &c->shape;
  if (!c->is_spread) return 0;
  return output / (s->outputs / s->groups) * (s->inputs / s->groups) * s->kernel * s->kernel;
}

/// Copies the weights into plain weights with padded channels; the padding is zero.
static void fill(int thread, int threads, void *context) {
  const struct copy *w = context;
  const struct onednn_convolution *c = w->convolution;
  const struct onednn_convolution_shape *s = &c->shape;
  const long area = s->kernel * s->kernel, inputs = s->inputs / s->groups;
  long first, end;
  onednn_share(c->outputs, thread, threads, &first, &end);
  for (long o = first; o < end; o++) {
    float *to = w->to + o * c->inputs * area;
    if (o >= s->outputs || inputs < c->inputs) memset(to, 0, c->inputs * area * sizeof *to);
    if (o >= s->outputs) continue;
    to += group_start(c, o);
    const float *from = w->from + o * s->weight_strides[0];
    if (s->weight_strides[2] == s->kernel) {
      memcpy(to, from, inputs * area * sizeof *to);
      continue;
    }
    for (long i = 0; i < inputs; i++)
      for (long y = 0; y < s->kernel; y++)
        for (long x = 0; x < s->kernel; x++)
          to[(i * s->kernel + y) * s->kernel + x] = from[i * s->weight_strides[1] + y * s->weight_strides[2] + x];
  }
}

/// Copies or adds the plain gradients with padded channels to the weights' gradients.
static void unfill(int thread, int threads, void *context) {
  const struct copy *w = context;
  const struct onednn_convolution *c = w->convolution;
  const struct onednn_convolution_shape *s = &c->shape;
  const long area = s->kernel * s->kernel, inputs = s->inputs / s->groups;
  long first, end;
  onednn_share(s->outputs, thread, threads, &first, &end);
  for (long o = first; o < end; o++) {
    const float *from = w->from + o * c->inputs * area + group_start(c, o);
    float *to = w->to + o * s->weight_strides[0];
    if (s->weight_strides[2] == s->kernel) {
      if (w->adds)
        for (long k = 0; k < inputs * area; k++) to[k] += from[k];
      else
        memcpy(to, from, inputs * area * sizeof *to);
      continue;
    }
    for (long i = 0; i < inputs; i++)
      for (long y = 0; y < s->kernel; y++)
        for (long x = 0; x < s->kernel; x++) {
          float *target = to + i * s->weight_strides[1] + y * s->weight_strides[2] + x;
          *target = (w->adds ? *target : 0) + from[(i * s->kernel + y) * s->kernel + x];
        }
  }
}

bool onednn_convolution_forward(
    struct onednn_convolution *c, const float *input, const float *weights, float *output, void *scratch) {
  float *plain = (float *)((char *)scratch + c->working);
  char *rearranged = (char *)plain + c->plain;
  struct copy copy = {c, weights, plain, false};
  onednn_parallel(c->plain / (long)sizeof(float), fill, &copy);
  return execute(&c->forward_weights, plain, rearranged, scratch, NULL) &&
         execute(&c->forward, (void *)input, rearranged, output, scratch);
}

long onednn_convolution_prepared(const struct onednn_convolution *c) { return c->rearranged; }

bool onednn_convolution_prepare(
    struct onednn_convolution *c, const float *weights, void *prepared, void *scratch) {
  float *plain = (float *)((char *)scratch + c->working);
  struct copy copy = {c, weights, plain, false};
  onednn_parallel(c->plain / (long)sizeof(float), fill, &copy);
  return execute(&c->forward_weights, plain, prepared, scratch, NULL);
}

bool onednn_convolution_forward_prepared(
    struct onednn_convolution *c, const float *input, const void *prepared, float *output, void *scratch) {
  return execute(&c->forward, (void *)input, (void *)prepared, output, scratch);
}

bool onednn_convolution_input_gradient(
    struct onednn_convolution *c, const float *output_gradient, const float *weights, float *input_gradient,
    void *scratch) {
  float *plain = (float *)((char *)scratch + c->working);
  char *rearranged = (char *)plain + c->plain;
  struct copy copy = {c, weights, plain, false};
  onednn_parallel(c->plain / (long)sizeof(float), fill, &copy);
  return execute(&c->input_weights, plain, rearranged, scratch, NULL) &&
         execute(&c->input_gradient, (void *)output_gradient, rearranged, input_gradient, scratch);
}

bool onednn_convolution_weight_gradient(
    struct onednn_convolution *c, const float *input, const float *output_gradient, float *weight_gradient, bool adds,
    void *scratch) {
  float *plain = (float *)((char *)scratch + c->working);
  char *rearranged = (char *)plain + c->plain;
  if (!execute(&c->weight_gradient, (void *)input, (void *)output_gradient, rearranged, scratch) ||
      !execute(&c->weights_back, rearranged, plain, scratch, NULL))
    return false;
  struct copy copy = {c, plain, weight_gradient, adds};
  onednn_parallel(c->plain / (long)sizeof(float), unfill, &copy);
  return true;
}
