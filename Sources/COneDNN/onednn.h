// The functions of oneDNN and OpenMP that Labbook uses, looked up when the libraries are loaded.

#ifndef ONEDNN_H
#define ONEDNN_H

#include <oneapi/dnnl/dnnl.h>

#include "COneDNN.h"

#define ONEDNN_FUNCTIONS(USE) \
  USE(version) \
  USE(engine_create) \
  USE(stream_create) \
  USE(stream_wait) \
  USE(get_effective_cpu_isa) \
  USE(set_primitive_cache_capacity) \
  USE(memory_desc_init_by_tag) \
  USE(memory_desc_get_size) \
  USE(memory_create) \
  USE(memory_set_data_handle) \
  USE(memory_destroy) \
  USE(primitive_attr_create) \
  USE(primitive_attr_destroy) \
  USE(primitive_attr_set_scratchpad_mode) \
  USE(convolution_forward_desc_init) \
  USE(convolution_backward_data_desc_init) \
  USE(convolution_backward_weights_desc_init) \
  USE(reorder_primitive_desc_create) \
  USE(primitive_desc_create) \
  USE(primitive_desc_destroy) \
  USE(primitive_desc_query_md) \
  USE(primitive_create) \
  USE(primitive_destroy) \
  USE(primitive_execute)

struct onednn_functions {
#define USE(name) __typeof__(dnnl_##name) *name;
  ONEDNN_FUNCTIONS(USE)
#undef USE
};

extern struct onednn_functions onednn;
extern dnnl_engine_t onednn_engine;
extern dnnl_stream_t onednn_stream;

/// Calls `body` on every thread of oneDNN's OpenMP team, with the thread's number and the number of threads. If the
/// work reads or writes so few `numbers` that waiting for other threads would take longer, `body` runs on this thread
/// alone.
void onednn_parallel(long numbers, void (*body)(int thread, int threads, void *context), void *context);

/// The number of blocks of channels of a feature map, the padded last one included.
static inline long blocks_of(struct feature_map m) { return (m.channels + m.block - 1) / m.block; }

/// The range of `count` pieces that a thread works on.
static inline void onednn_share(long count, int thread, int threads, long *first, long *end) {
  *first = count * thread / threads;
  *end = count * (thread + 1) / threads;
}

// The compiler makes a clone of a function with CLONED for the vector instructions of several processors.
#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONED
#endif
#define INLINED static inline __attribute__((always_inline))

#endif
