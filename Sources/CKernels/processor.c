#include "CKernels.h"
#include <stddef.h>

#if defined(__x86_64__)
extern const struct vector_kernels kernels_avx512, kernels_avx2;

const struct vector_kernels *kernels_for_instructions(int number) {
  __builtin_cpu_init();
  if (number == 0) {
    const int all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    return all ? &kernels_avx512 : NULL;
  }
  return number == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_avx2 : NULL;
}
#else
const struct vector_kernels *kernels_for_instructions(int number) { return NULL; }
#endif
