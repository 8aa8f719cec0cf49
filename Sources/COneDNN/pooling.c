#include "COneDNN.h"
#include "onednn.h"

struct window_pool {
  struct feature_map map;
  long side, window;
  bool is_max;
  const float *x, *gradient;
  float *y;
};

CLONED static void pool_windows(const struct window_pool *w, long first, long end) {
  const long block = w->map.block, side = w->side, window = w->window, out = side / window;
  for (long plane = first; plane < end; plane++)
    for (long row = 0; row < out; row++)
      for (long column = 0; column < out; column++) {
        const float *x = w->x + ((plane * side + row * window) * side + column * window) * block;
        float *y = w->y + ((plane * out + row) * out + column) * block;
        for (long j = 0; j < block; j++) y[j] = w->is_max ? x[j] : 0;
        for (long r = 0; r < window; r++)
          for (long c = 0; c < window; c++) {
            const float *value = x + (r * side + c) * block;
            if (w->is_max)
              // A NaN is the maximum, as in PyTorch.
              for (long j = 0; j < block; j++) y[j] = value[j] > y[j] || value[j] != value[j] ? value[j] : y[j];
            else
              for (long j = 0; j < block; j++) y[j] += value[j] / (window * window);
          }
      }
}

/// The gradient of a maximum belongs to the first of equal values, as in PyTorch.
CLONED static void spread_windows(const struct window_pool *w, long first, long end) {
  const long block = w->map.block, side = w->side, window = w->window, out = side / window;
  for (long plane = first; plane < end; plane++) {
    float *all = w->y + plane * side * side * block;
    for (long i = 0; i < side * side * block; i++) all[i] = 0;
    for (long row = 0; row < out; row++)
      for (long column = 0; column < out; column++) {
        const float *x = w->x + ((plane * side + row * window) * side + column * window) * block;
        const float *gradient = w->gradient + ((plane * out + row) * out + column) * block;
        float *dx = all + (row * window * side + column * window) * block;
        float most[16], left[16];
        for (long j = 0; j < block; j++) {
          most[j] = x[j];
          left[j] = w->is_max ? gradient[j] : gradient[j] / (window * window);
        }
        for (long r = 0; r < window && w->is_max; r++)
          for (long c = 0; c < window; c++)
            for (long j = 0; j < block; j++) {
              const float value = x[(r * side + c) * block + j];
              most[j] = value > most[j] ? value : most[j];
            }
        for (long r = 0; r < window; r++)
          for (long c = 0; c < window; c++)
            for (long j = 0; j < block; j++) {
              const long place = (r * side + c) * block + j;
              const bool takes = !w->is_max || x[place] == most[j];
              dx[place] = takes ? left[j] : 0;
              if (w->is_max && takes) left[j] = 0;
            }
      }
  }
}

static void pool_windows_share(int thread, int threads, void *context) {
  const struct window_pool *w = context;
  long first, end;
  onednn_share(w->map.batch * blocks_of(w->map), thread, threads, &first, &end);
  pool_windows(w, first, end);
}

static void spread_windows_share(int thread, int threads, void *context) {
  const struct window_pool *w = context;
  long first, end;
  onednn_share(w->map.batch * blocks_of(w->map), thread, threads, &first, &end);
  spread_windows(w, first, end);
}

void window_pool_forward(
    struct feature_map map, long side, long window, bool is_max, const float *x, float *y) {
  struct window_pool w = {map, side, window, is_max, x, NULL, y};
  onednn_parallel(feature_map_count(map), pool_windows_share, &w);
}

void window_pool_backward(
    struct feature_map map, long side, long window, bool is_max, const float *x, const float *gradient, float *dx) {
  struct window_pool w = {map, side, window, is_max, x, gradient, dx};
  onednn_parallel(feature_map_count(map), spread_windows_share, &w);
}
