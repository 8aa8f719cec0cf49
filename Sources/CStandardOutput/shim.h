#include <stdio.h>

/* Swift 6 can't name the mutable global `stdout`. */
static inline void standard_output_by_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

/* Whether something that was printed could not be written. */
static inline int standard_output_is_lost(void) { return fflush(stdout) != 0 || ferror(stdout) != 0; }
