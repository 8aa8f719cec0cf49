/* Thread affinity: the processors that a thread may run on. */
#define _GNU_SOURCE
#include <sched.h>

#include "CProcess.h"

void pin_thread(const long *processors, long count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (long i = 0; i < count; i++)
    if (processors[i] >= 0 && processors[i] < CPU_SETSIZE) CPU_SET((int)processors[i], &set);
  sched_setaffinity(0, sizeof set, &set);
}
