#define _GNU_SOURCE
#include "onednn.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "COneDNN.h"

struct onednn_functions onednn;
dnnl_engine_t onednn_engine;
dnnl_stream_t onednn_stream;

static struct {
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned);
  int (*thread)(void);
  int (*threads)(void);
  void (*set_threads)(int);
} openmp;
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
  void *library = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL);
#define USE(name) onednn.name = (__typeof__(onednn.name))find(library, "dnnl_" #name);
  ONEDNN_FUNCTIONS(USE)
#undef USE
  void *team = library ? dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL) : NULL;
  openmp.parallel = (__typeof__(openmp.parallel))find(team, "GOMP_parallel");
  openmp.thread = (__typeof__(openmp.thread))find(team, "omp_get_thread_num");
  openmp.threads = (__typeof__(openmp.threads))find(team, "omp_get_num_threads");
  openmp.set_threads = (__typeof__(openmp.set_threads))find(team, "omp_set_num_threads");
  if (failure[0]) return;
  if (onednn.engine_create(&onednn_engine, dnnl_cpu, 0) != dnnl_success ||
      onednn.stream_create(&onednn_stream, onednn_engine, dnnl_stream_default_flags) != dnnl_success)
    snprintf(failure, sizeof failure, "oneDNN doesn't support this processor");
}

const char *onednn_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

const char *onednn_version(void) {
  static char text[32];
  const dnnl_version_t *version = onednn.version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

int onednn_instructions(void) { return (int)onednn.get_effective_cpu_isa(); }

long onednn_block(void) {
  // The bit of AVX-512 in oneDNN's number of the instruction set (dnnl_types.h).
  return ((int)onednn.get_effective_cpu_isa() & 0x20) != 0 ? 16 : 8;
}

void onednn_set_threads(int threads) { openmp.set_threads(threads); }

struct work {
  void (*body)(int, int, void *);
  void *context;
};

static void run(void *pointer) {
  const struct work *work = pointer;
  work->body(openmp.thread(), openmp.threads(), work->context);
}

void onednn_parallel(long numbers, void (*body)(int, int, void *), void *context) {
  if (numbers < 1 << 15) {
    body(0, 1, context);
    return;
  }
  struct work work = {body, context};
  openmp.parallel(run, &work, 0, 0);
}
