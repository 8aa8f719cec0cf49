#include "COneDNN.h"
#include "onednn.h"

struct vectors {
  long count;
  float *a;
  const float *b;
  float *v;
  float rate, momentum, decay;
};

CLONED static void add_part(const struct vectors *w, long first, long end) {
  for (long i = first; i < end; i++) w->a[i] += w->b[i];
}

CLONED static void sgd_part(const struct vectors *w, long first, long end) {
  float *a = w->a, *v = w->v;
  const float *b = w->b;
  const float rate = w->rate, momentum = w->momentum, decay = w->decay;
  for (long i = first; i < end; i++) {
    const float d = b[i] + decay * a[i];
    v[i] = momentum * v[i] + d;
    a[i] -= rate * (d + momentum * v[i]);
  }
}

CLONED static void average_part(const struct vectors *w, long first, long end) {
  for (long i = first; i < end; i++) w->a[i] += w->rate * (w->b[i] - w->a[i]);
}

#define SHARED(name) \
  static void name##_share(int thread, int threads, void *context) { \
    const struct vectors *w = context; \
    long first, end; \
    onednn_share(w->count, thread, threads, &first, &end); \
    name##_part(w, first, end); \
  }

SHARED(add)
SHARED(sgd)
SHARED(average)

void vector_add(long count, float *a, const float *b) {
  struct vectors w = {.count = count, .a = a, .b = b};
  onednn_parallel(count, add_share, &w);
}

void vector_sgd(long count, float *w, const float *g, float *v, float rate, float momentum, float decay) {
  struct vectors call = {count, w, g, v, rate, momentum, decay};
  onednn_parallel(count, sgd_share, &call);
}

void vector_average(long count, float *average, const float *w, float share) {
  struct vectors call = {.count = count, .a = average, .b = w, .rate = share};
  onednn_parallel(count, average_share, &call);
}
