// Reading of PNG and JPEG by GDK-PixBuf, which is loaded when it is first asked for.

#ifndef CPICTURES_H
#define CPICTURES_H

#include <stdbool.h>
#include <stdint.h>

/// A decoded picture: rows of 8-bit red, green, blue, perhaps alpha.
struct picture {
  int width, height;
  /// 3, or 4 with alpha.
  int channels;
  /// From one row to the next.
  int row_bytes;
  const uint8_t *_Nullable pixels;
  void *_Nullable owner;
};

/// Loads the library. Returns why that isn't possible, or NULL.
const char *_Nullable pictures_load(void);

/// Whether the bytes are a picture; it is freed by `picture_free`.
bool picture_decode(const uint8_t *_Nullable bytes, long count, struct picture *_Nonnull picture);
void picture_free(struct picture *_Nonnull picture);

#endif
