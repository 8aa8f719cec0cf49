#include <stdio.h>

/* Swift 6 can't name the mutable global `stdout`. */
static inline void standard_output_by_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
