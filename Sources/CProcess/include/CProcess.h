#pragma once

#include <stdint.h>

/* What the C library has no functions for that Swift can call. Results are as of system calls: -1 and errno. */

/* Makes processes whose parent ends children of this one. */
void adopt_orphans(void);

/* The version of Landlock that this kernel has; less than 1 for none. */
int confine_version(void);

/* All rights to files that a version knows of. */
uint64_t confine_all_rights(int version);

/* A set of rules by which nothing is allowed yet: neither files nor TCP, nor signals to processes outside. */
int confine_begin(int version);

/* What may be done with one file, or with all below a folder: rights as of linux/landlock.h. What isn't there, or can't
   be reached anyway, needs no rule. */
int confine_allow(int rules, const char *path, uint64_t access);

/* Gives up what root may do, and what programs with the set-user-id bit could give. */
int confine_rights(void);

/* Puts this process and all that it starts under the rules. */
int confine_end(int rules);

/* Refuses system calls by which a process could reach others or the network, or widen its rights.
   - is_signal_scoped: Landlock sees to signals already. */
int confine_calls(int is_signal_scoped);

/* Closes all descriptors but the three streams. */
int confine_close_others(void);

/* Keeps this thread, and those that it starts, on some of the processors, by their numbers; where none of them may be
   used, nothing changes. */
void pin_thread(const long *processors, long count);
