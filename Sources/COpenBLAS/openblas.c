#define _GNU_SOURCE
#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct openblas_functions functions;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fail(void) {
  const char *cause = dlerror();
  fprintf(stderr, "labbook: OpenBLAS can't be loaded: %s\n  Install it: apt install libopenblas0\n",
          cause ? cause : "a function is missing from it");
  fflush(stderr);
  _exit(127);
}

static void *find(void *library, const char *name) {
  void *function = dlsym(library, name);
  if (!function) fail();
  return function;
}

static void load(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) fail();
#define FIND(prefix, name) functions.name = (__typeof__(functions.name))find(library, #prefix #name)
  FIND(cblas_, sgemm);
  FIND(cblas_, dsyrk);
  FIND(cblas_, dgemv);
  FIND(cblas_, dtrsv);
  FIND(openblas_, set_num_threads);
  FIND(openblas_, get_corename);
  FIND(openblas_, get_config);
#undef FIND
}

const struct openblas_functions *openblas_load(void) {
  pthread_once(&once, load);
  return &functions;
}
