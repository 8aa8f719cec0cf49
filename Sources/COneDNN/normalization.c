#include <stddef.h>

#include "COneDNN.h"
#include "onednn.h"

// The threads share the work by image and block of channels. One thread sums over one such piece, and the pieces' sums
// are added in the order of images, so results don't depend on the number of threads.

long feature_map_count(struct feature_map m) { return m.batch * blocks_of(m) * m.positions * m.block; }

struct call {
  struct feature_map map;
  const float *x, *y, *gradient, *second, *mean, *scale, *shift, *a, *b, *c, *residual;
  float *out, *partial;
  bool activates;
};

/// Adds the images' partial sums up in double precision.
static void collect(struct feature_map m, const float *partial, double *first, double *second) {
  const long filled = blocks_of(m) * m.block;
  for (long c = 0; c < filled; c++) first[c] = second[c] = 0;
  for (long n = 0; n < m.batch; n++) {
    const float *row = partial + n * 2 * filled;
    for (long k = 0; k < blocks_of(m); k++)
      for (long j = 0; j < m.block; j++) {
        first[k * m.block + j] += row[2 * k * m.block + j];
        second[k * m.block + j] += row[(2 * k + 1) * m.block + j];
      }
  }
}

INLINED void statistics_piece(const struct call *w, long n, long k, const long block) {
  const struct feature_map m = w->map;
  const float *first = w->x + k * m.positions * block;
  const float *x = first + n * blocks_of(m) * m.positions * block;
  float sums[16] = {0}, squares[16] = {0}, origin[16];
  for (long j = 0; j < block; j++) origin[j] = first[j];
  for (long p = 0; p < m.positions; p++)
    for (long j = 0; j < block; j++) {
      const float d = x[p * block + j] - origin[j];
      sums[j] += d;
      squares[j] += d * d;
    }
  float *partial = w->partial + (n * blocks_of(m) + k) * 2 * block;
  for (long j = 0; j < block; j++) partial[j] = sums[j], partial[block + j] = squares[j];
}

INLINED void apply_piece(const struct call *w, long n, long k, const long block) {
  const struct feature_map m = w->map;
  const long offset = (n * blocks_of(m) + k) * m.positions * block;
  const float *x = w->x + offset, *r = w->residual ? w->residual + offset : NULL;
  const float *scale = w->scale + k * block, *shift = w->shift + k * block;
  const float least = w->activates ? 0 : -__builtin_inff();
  float *y = w->out + offset;
  float s[16], t[16];
  for (long j = 0; j < block; j++) s[j] = scale[j], t[j] = shift[j];
  for (long p = 0; p < m.positions; p++)
    for (long j = 0; j < block; j++) {
      float v = s[j] * x[p * block + j] + t[j];
      if (r) v += r[p * block + j];
      /* A NaN stays a NaN, so that a network which diverged is noticed. */
      y[p * block + j] = v < least ? least : v;
    }
}

INLINED void sums_piece(const struct call *w, long n, long k, const long block) {
  const struct feature_map m = w->map;
  const long offset = (n * blocks_of(m) + k) * m.positions * block;
  const float *x = w->x + offset, *d = w->gradient + offset;
  const float *e = w->second ? w->second + offset : NULL, *y = w->y ? w->y + offset : NULL;
  float *g = w->out ? w->out + offset : NULL;
  float s[16], t[16], mean[16], sums[16] = {0}, products[16] = {0};
  for (long j = 0; j < block; j++)
    s[j] = w->scale[k * block + j], t[j] = w->shift[k * block + j], mean[j] = w->mean[k * block + j];
  const bool seen = w->activates && y, masked = w->activates && !y;
  for (long p = 0; p < m.positions; p++)
    for (long j = 0; j < block; j++) {
      const long i = p * block + j;
      float v = d[i];
      if (e) v += e[i];
      if (seen) v = y[i] > 0 ? v : 0;
      if (masked) v = s[j] * x[i] + t[j] > 0 ? v : 0;
      if (g) g[i] = v;
      sums[j] += v;
      products[j] += v * (x[i] - mean[j]);
    }
  float *partial = w->partial + (n * blocks_of(m) + k) * 2 * block;
  for (long j = 0; j < block; j++) partial[j] = sums[j], partial[block + j] = products[j];
}

INLINED void gradient_piece(const struct call *w, long n, long k, const long block) {
  const struct feature_map m = w->map;
  const long offset = (n * blocks_of(m) + k) * m.positions * block;
  const float *x = w->x + offset, *g = w->gradient + offset;
  float *dx = w->out + offset;
  float s[16], t[16], a[16], b[16], c[16];
  for (long j = 0; j < block; j++) {
    s[j] = w->scale[k * block + j], t[j] = w->shift[k * block + j];
    a[j] = w->a[k * block + j], b[j] = w->b[k * block + j], c[j] = w->c[k * block + j];
  }
  const bool masked = w->activates;
  for (long p = 0; p < m.positions; p++)
    for (long j = 0; j < block; j++) {
      const long i = p * block + j;
      float v = g[i];
      if (masked) v = s[j] * x[i] + t[j] > 0 ? v : 0;
      dx[i] = a[j] * v + b[j] * x[i] + c[j];
    }
}

// The functions that run a piece's function on all threads, for blocks of 16 and of 8, compiled for several processors.
#define SHARED(name) \
  CLONED static void name##_pieces(const struct call *w, long first, long end) { \
    const long blocks = blocks_of(w->map); \
    if (w->map.block == 16) \
      for (long i = first; i < end; i++) name##_piece(w, i / blocks, i % blocks, 16); \
    else \
      for (long i = first; i < end; i++) name##_piece(w, i / blocks, i % blocks, 8); \
  } \
  static void name##_share(int thread, int threads, void *context) { \
    const struct call *w = context; \
    long first, end; \
    onednn_share(w->map.batch * blocks_of(w->map), thread, threads, &first, &end); \
    name##_pieces(w, first, end); \
  }

SHARED(statistics)
SHARED(apply)
SHARED(sums)
SHARED(gradient)

void norm_statistics(struct feature_map m, const float *x, float *partial, float *mean, float *variance) {
  struct call w = {.map = m, .x = x, .partial = partial};
  onednn_parallel(feature_map_count(m), statistics_share, &w);
  const long filled = blocks_of(m) * m.block;
  double first[filled], second[filled];
  collect(m, partial, first, second);
  const double count = (double)m.batch * m.positions;
  for (long c = 0; c < filled; c++) {
    const double d = first[c] / count;
    const double v = second[c] / count - d * d;
    const float origin = x[c / m.block * m.positions * m.block + c % m.block];
    if (c < m.channels) mean[c] = (float)(origin + d), variance[c] = (float)(v < 0 ? 0 : v);
  }
}

void norm_apply(
    struct feature_map m, const float *x, const float *scale, const float *shift, const float *residual, bool activates,
    float *y) {
  struct call w = {
      .map = m, .x = x, .scale = scale, .shift = shift, .residual = residual, .activates = activates, .out = y};
  onednn_parallel(feature_map_count(m), apply_share, &w);
}

void norm_gradient_sums(
    struct feature_map m, const float *gradient, const float *second, const float *y, const float *x, const float *mean,
    const float *scale, const float *shift, bool activates, float *g, float *partial, float *sums, float *products) {
  struct call w = {.map = m, .gradient = gradient, .second = second, .y = y, .x = x, .mean = mean, .scale = scale,
                   .shift = shift, .activates = activates, .out = g, .partial = partial};
  onednn_parallel(feature_map_count(m), sums_share, &w);
  const long filled = blocks_of(m) * m.block;
  double one[filled], two[filled];
  collect(m, partial, one, two);
  for (long c = 0; c < m.channels; c++) sums[c] = (float)one[c], products[c] = (float)two[c];
}

void norm_gradient_apply(
    struct feature_map m, const float *g, const float *x, const float *a, const float *b, const float *c,
    const float *scale, const float *shift, bool activates, float *dx) {
  struct call w = {.map = m, .gradient = g, .x = x, .a = a, .b = b, .c = c, .scale = scale, .shift = shift,
                   .activates = activates, .out = dx};
  onednn_parallel(feature_map_count(m), gradient_share, &w);
}
