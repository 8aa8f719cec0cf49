/* Writeback: copying a file's changed pages from memory to the disk. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "CProcess.h"

void start_writeback(int descriptor, int64_t start, int64_t count) {
  sync_file_range(descriptor, start, count, SYNC_FILE_RANGE_WRITE);
}
