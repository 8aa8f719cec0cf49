#include "CKernels.h"
#include <stddef.h>

extern const struct vector_kernels kernels_plain;

#if defined(__x86_64__)
extern const struct vector_kernels kernels_avx512, kernels_avx2;

const struct vector_kernels *kernels_for_instructions(int number) {
  __builtin_cpu_init();
  switch (number) {
    case 0: {
      const int all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
      return all ? &kernels_avx512 : NULL;
    }
    case 1: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_avx2 : NULL;
    case 2: return &kernels_plain;
    default: return NULL;
  }
}
#else
const struct vector_kernels *kernels_for_instructions(int number) { return number == 2 ? &kernels_plain : NULL; }
#endif
