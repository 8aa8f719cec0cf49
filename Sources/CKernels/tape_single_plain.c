#include "TapeKernels.h"
#include "tape_single.inc"

const struct tape_kernels tape_single_plain = TAPE_KERNELS;
