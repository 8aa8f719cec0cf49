#include "CPictures.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

// The functions of GDK-PixBuf and GObject that Labbook uses, with their documented types; a `gboolean` is an int.
static struct {
  void *(*loader_new_with_type)(const char *, void **);
  void (*loader_set_size)(void *, int, int);
  int (*loader_write)(void *, const uint8_t *, size_t, void **);
  int (*loader_close)(void *, void **);
  void *(*loader_get_pixbuf)(void *);
  int (*get_width)(const void *);
  int (*get_height)(const void *);
  int (*get_n_channels)(const void *);
  int (*get_rowstride)(const void *);
  uint8_t *(*get_pixels)(const void *);
  unsigned long (*signal_connect_data)(void *, const char *, void (*)(void), void *, void *, int);
  void *(*object_ref)(void *);
  void (*object_unref)(void *);
} pixbuf;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void *find(void *library, const char *name) {
  void *function = library ? dlsym(library, name) : NULL;
  if (!function && !failure[0]) {
    const char *cause = dlerror();
    snprintf(failure, sizeof failure, "%s", cause ? cause : name);
  }
  return function;
}

static void load(void) {
  void *library = dlopen("libgdk_pixbuf-2.0.so.0", RTLD_NOW | RTLD_LOCAL);
#define FIND(member, name) pixbuf.member = (__typeof__(pixbuf.member))find(library, name)
  FIND(loader_new_with_type, "gdk_pixbuf_loader_new_with_type");
  FIND(loader_set_size, "gdk_pixbuf_loader_set_size");
  FIND(loader_write, "gdk_pixbuf_loader_write");
  FIND(loader_close, "gdk_pixbuf_loader_close");
  FIND(loader_get_pixbuf, "gdk_pixbuf_loader_get_pixbuf");
  FIND(get_width, "gdk_pixbuf_get_width");
  FIND(get_height, "gdk_pixbuf_get_height");
  FIND(get_n_channels, "gdk_pixbuf_get_n_channels");
  FIND(get_rowstride, "gdk_pixbuf_get_rowstride");
  FIND(get_pixels, "gdk_pixbuf_get_pixels");
  FIND(signal_connect_data, "g_signal_connect_data");
  FIND(object_ref, "g_object_ref");
  FIND(object_unref, "g_object_unref");
#undef FIND
}

const char *pictures_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

/// The greatest height and width in pixels.
enum { longest_side = 4096 };

/// Has the loader stop before it decodes a picture that is too large: it refuses to make an empty one.
static void check_size(void *loader, int width, int height, void *unused) {
  (void)unused;
  if (width > longest_side || height > longest_side) pixbuf.loader_set_size(loader, 0, 0);
}

bool picture_decode(const uint8_t *bytes, long count, struct picture *picture) {
  if (!bytes || count < 8) return false;
  const bool is_png = memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0, is_jpeg = memcmp(bytes, "\xff\xd8\xff", 3) == 0;
  if (!is_png && !is_jpeg) return false;
  void *loader = pixbuf.loader_new_with_type(is_png ? "png" : "jpeg", NULL);
  if (!loader) return false;
  pixbuf.signal_connect_data(loader, "size-prepared", (void (*)(void))check_size, NULL, NULL, 0);
  // A loader has to be closed even after an error. Closing fails if the picture is cut off.
  int written = pixbuf.loader_write(loader, bytes, (size_t)count, NULL);
  int closed = pixbuf.loader_close(loader, NULL);
  void *image = written && closed ? pixbuf.loader_get_pixbuf(loader) : NULL;
  if (image) {
    picture->owner = pixbuf.object_ref(image);
    picture->width = pixbuf.get_width(image);
    picture->height = pixbuf.get_height(image);
    picture->channels = pixbuf.get_n_channels(image);
    picture->row_bytes = pixbuf.get_rowstride(image);
    picture->pixels = pixbuf.get_pixels(image);
  }
  pixbuf.object_unref(loader);
  return image != NULL;
}

void picture_free(struct picture *picture) {
  if (picture->owner) pixbuf.object_unref(picture->owner);
  picture->owner = NULL;
  picture->pixels = NULL;
}
