#include "COneDNN.h"
#include "onednn.h"

struct pool {
  struct feature_map map;
  const float *x;
  float *y;
};

CLONED static void pool_images(const struct pool *w, long first, long end) {
  const struct feature_map m = w->map;
  for (long n = first; n < end; n++)
    for (long k = 0; k < blocks_of(m); k++) {
      const float *x = w->x + (n * blocks_of(m) + k) * m.positions * m.block;
      float sums[16] = {0};
      for (long p = 0; p < m.positions; p++)
        for (long j = 0; j < m.block; j++) sums[j] += x[p * m.block + j];
      for (long j = 0; j < m.block && k * m.block + j < m.channels; j++)
        w->y[n * m.channels + k * m.block + j] = sums[j] / m.positions;
    }
}

CLONED static void spread_images(const struct pool *w, long first, long end) {
  const struct feature_map m = w->map;
  for (long n = first; n < end; n++)
    for (long k = 0; k < blocks_of(m); k++) {
      float *dx = w->y + (n * blocks_of(m) + k) * m.positions * m.block;
      float parts[16] = {0};
      for (long j = 0; j < m.block && k * m.block + j < m.channels; j++)
        parts[j] = w->x[n * m.channels + k * m.block + j] / m.positions;
      for (long p = 0; p < m.positions; p++)
        for (long j = 0; j < m.block; j++) dx[p * m.block + j] = parts[j];
    }
}

static void pool_share(int thread, int threads, void *context) {
  const struct pool *w = context;
  long first, end;
  onednn_share(w->map.batch, thread, threads, &first, &end);
  pool_images(w, first, end);
}

static void spread_share(int thread, int threads, void *context) {
  const struct pool *w = context;
  long first, end;
  onednn_share(w->map.batch, thread, threads, &first, &end);
  spread_images(w, first, end);
}

void pool_forward(struct feature_map map, const float *x, float *y) {
  struct pool w = {map, x, y};
  onednn_parallel(feature_map_count(map), pool_share, &w);
}

void pool_backward(struct feature_map map, const float *gradient, float *dx) {
  struct pool w = {map, gradient, dx};
  onednn_parallel(feature_map_count(map), spread_share, &w);
}

CLONED void linear_forward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *bias, float *y) {
  for (long r = 0; r < rows; r++)
    for (long o = 0; o < outputs; o++) {
      // Eight partial sums let the compiler use vector registers.
      float sums[8] = {0};
      long i = 0;
      for (; i + 8 <= inputs; i += 8)
        for (long j = 0; j < 8; j++) sums[j] += x[r * inputs + i + j] * w[o * stride + i + j];
      float sum = bias[o];
      for (long j = 0; j < 8; j++) sum += sums[j];
      for (; i < inputs; i++) sum += x[r * inputs + i] * w[o * stride + i];
      y[r * outputs + o] = sum;
    }
}

CLONED void linear_backward(
    long rows, long inputs, long outputs, long stride, const float *x, const float *w, const float *gradient, float *dx,
    float *dw, float *dbias) {
  for (long r = 0; r < rows; r++) {
    for (long i = 0; i < inputs; i++) dx[r * inputs + i] = 0;
    for (long o = 0; o < outputs; o++) {
      const float g = gradient[r * outputs + o];
      dbias[o] += g;
      for (long i = 0; i < inputs; i++) {
        dx[r * inputs + i] += g * w[o * stride + i];
        dw[o * stride + i] += g * x[r * inputs + i];
      }
    }
  }
}
