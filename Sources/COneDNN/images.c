#include "COneDNN.h"
#include "onednn.h"

struct batch {
  long count;
  const uint8_t *pixels;
  long image_size;
  const struct image_change *changes;
  float scale[3], shift[3];
  long size;
  float *out;
};

/// Mirrors a position outside the image at the image's first or last position, which isn't repeated (reflect padding).
static long mirrored(long i, long size) {
  if (i < 0) i = -i;
  if (i >= size) i = 2 * size - 2 - i;
  return i < 0 ? 0 : i >= size ? size - 1 : i;
}

static void prepare(int thread, int threads, void *context) {
  const struct batch *w = context;
  long first, end;
  onednn_share(w->count, thread, threads, &first, &end);
  for (long n = first; n < end; n++) {
    const struct image_change change = w->changes[n];
    const uint8_t *image = w->pixels + change.image * 3 * w->image_size * w->image_size;
    for (long c = 0; c < 3; c++)
      for (long y = 0; y < w->size; y++) {
        const uint8_t *row = image + (c * w->image_size + mirrored(change.top + y, w->image_size)) * w->image_size;
        float *out = w->out + ((n * 3 + c) * w->size + y) * w->size;
        for (long x = 0; x < w->size; x++) {
          const long column = mirrored(change.left + (change.flips ? w->size - 1 - x : x), w->image_size);
          out[x] = row[column] * w->scale[c] + w->shift[c];
        }
        if (y >= change.cut_top && y < change.cut_bottom)
          for (long x = change.cut_left; x < change.cut_right; x++) out[x] = 0;
      }
  }
}

void images_prepare(
    long count, const uint8_t *pixels, long image_size, const struct image_change *changes, const float *mean,
    const float *deviation, long size, float *out) {
  struct batch w = {count, pixels, image_size, changes, {0}, {0}, size, out};
  for (int c = 0; c < 3; c++) {
    w.scale[c] = 1 / (255 * deviation[c]);
    w.shift[c] = -mean[c] / deviation[c];
  }
  onednn_parallel(count * 3 * size * size, prepare, &w);
}
