#include <stdio.h>

/* Makes standard output line-buffered. It is written in C because Swift 6 refuses the mutable global `stdout`. */
static inline void standard_output_by_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

/* Flushes standard output. Returns whether any write to it failed. */
static inline int standard_output_is_lost(void) { return fflush(stdout) != 0 || ferror(stdout) != 0; }
