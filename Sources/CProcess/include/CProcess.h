#pragma once

#include <stdint.h>

/* System calls that Swift can't make through the C library. They return -1 and set errno on failure. */

/* Makes this process the subreaper of its descendants: orphans among them become its children. */
void adopt_orphans(void);

/* The version of the kernel's Landlock ABI, or a number less than 1 if it has none. */
int confine_version(void);

/* The mask of all file rights of a Landlock version. */
uint64_t confine_all_rights(int version);

/* Makes a Landlock ruleset that allows nothing yet: no files, no TCP, no signals to processes outside. Returns its
   descriptor. */
int confine_begin(int version);

/* Grants the rights `access` (see linux/landlock.h) to a file or to all files below a folder. Skips a path that doesn't
   exist or can't be reached anyway. */
int confine_allow(int rules, const char *path, uint64_t access);

/* Drops all capabilities, and sets no_new_privs, so that set-user-ID programs give none back. */
int confine_rights(void);

/* Applies the ruleset to this process and to all processes that it starts. */
int confine_end(int rules);

/* Installs a seccomp filter that refuses system calls by which a process could reach other processes or the network, or
   gain rights.
   - is_signal_scoped: Whether Landlock limits signals already. */
int confine_calls(int is_signal_scoped);

/* Closes all file descriptors but the three standard streams. */
int confine_close_others(void);

/* Pins this thread, and threads that it starts, to the processors with these numbers. If none of them may be used,
   nothing changes. */
void pin_thread(const long *processors, long count);

/* Starts to write a part of a file to the disk, and doesn't wait for it, so that a later fsync has less to wait for. */
void start_writeback(int descriptor, int64_t start, int64_t count);
