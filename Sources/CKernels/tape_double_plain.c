#include "TapeKernels.h"
#include "tape_double.inc"

const struct tape_kernels tape_double_plain = TAPE_KERNELS;
