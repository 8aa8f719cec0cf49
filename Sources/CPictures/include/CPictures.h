// Reads PNG and JPEG files with GDK-PixBuf, which is loaded when it is first used.

#ifndef CPICTURES_H
#define CPICTURES_H

#include <stdbool.h>
#include <stdint.h>

/// A decoded picture: rows of pixels with 8-bit red, green, blue, and possibly alpha.
struct picture {
  int width, height;
  /// The number of channels: 3, or 4 with alpha.
  int channels;
  /// The stride: the distance of two rows, in bytes.
  int row_bytes;
  const uint8_t *_Nullable pixels;
  void *_Nullable owner;
};

/// Loads the library. Returns the cause of a failure, or NULL.
const char *_Nullable pictures_load(void);

/// Decodes a picture, which `picture_free` frees. Returns whether the bytes are a picture.
bool picture_decode(const uint8_t *_Nullable bytes, long count, struct picture *_Nonnull picture);
void picture_free(struct picture *_Nonnull picture);

#endif
