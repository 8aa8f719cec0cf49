#include "TapeKernels.h"
#include <stddef.h>

extern const struct tape_kernels tape_single_plain, tape_double_plain;

const struct tape_kernels *tape_kernels_for_any_processor(int is_double) {
  return is_double ? &tape_double_plain : &tape_single_plain;
}

#if defined(__x86_64__)
extern const struct tape_kernels tape_single_avx512, tape_double_avx512, tape_single_avx2, tape_double_avx2;

const struct tape_kernels *tape_kernels_for_instructions(int number, int is_double) {
  __builtin_cpu_init();
  if (number == 0) {
    const int all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    return all ? is_double ? &tape_double_avx512 : &tape_single_avx512 : NULL;
  }
  if (number == 1) {
    const int all = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return all ? is_double ? &tape_double_avx2 : &tape_single_avx2 : NULL;
  }
  return tape_kernels_for_any_processor(is_double);
}
#else
const struct tape_kernels *tape_kernels_for_instructions(int number, int is_double) {
  return number == 2 ? tape_kernels_for_any_processor(is_double) : NULL;
}
#endif
