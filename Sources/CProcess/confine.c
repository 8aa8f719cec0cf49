/* Landlock and seccomp by their system calls, for which the C library has no functions. */
#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* System call numbers and rights of kernels newer than the system's headers. Their meaning is in linux/landlock.h. */
enum { landlock_create_ruleset_call = 444, landlock_add_rule_call = 445, landlock_restrict_self_call = 446 };

struct confine_attributes {
  uint64_t files, network, scopes;
};

struct __attribute__((packed)) confine_rule {
  uint64_t access;
  int32_t folder;
};

int confine_version(void) { return (int)syscall(landlock_create_ruleset_call, NULL, 0, 1); }

uint64_t confine_all_rights(int version) {
  return (1ull << (version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13)) - 1;
}

int confine_begin(int version) {
  struct confine_attributes attributes = {
    confine_all_rights(version), version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  return (int)syscall(landlock_create_ruleset_call, &attributes, size, 0);
}

int confine_allow(int rules, const char *path, uint64_t access) {
  struct stat status;
  int file = open(path, O_PATH | O_CLOEXEC);
  if (file < 0) return errno == ENOENT || errno == EACCES ? 0 : -1;
  /* A file takes these rights only: execute, write, read, truncate and device control. The kernel refuses others. */
  if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode)) access &= 1 | 2 | 4 | 1 << 14 | 1 << 15;
  struct confine_rule rule = {access, file};
  int result = (int)syscall(landlock_add_rule_call, rules, 1, &rule, 0);
  close(file);
  return result;
}

int confine_calls(int is_signal_scoped) {
#if defined(__x86_64__)
  const uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
  const uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "the numbers of this processor's system calls are not known"
#endif
  static const int refused[] = {
    SYS_socket, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open, SYS_pidfd_getfd,
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_unshare, SYS_setns, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_init_module, SYS_finit_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_quotactl, SYS_acct,
    SYS_open_by_handle_at, SYS_msgget, SYS_shmget, SYS_semget, SYS_prlimit64};
  /* These calls send signals. They may reach this process only, unless Landlock is recent enough to limit them. */
  static const int signals[] = {SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo};
  struct sock_filter filter[160];
  unsigned short count = 0;
#define ADD(...) filter[count++] = (struct sock_filter)__VA_ARGS__
#define LOAD(field) ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field)))
  LOAD(arch);
  ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  LOAD(nr);
#if defined(__x86_64__)
  /* The x32 ABI has other numbers for the same calls, so all its calls are refused. */
  ADD(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
#endif
  for (size_t index = 0; index < sizeof refused / sizeof *refused; index++) {
    /* A process may read and lower its own limits. glibc does so by prlimit64, whose first argument is the process. */
    if (refused[index] == SYS_prlimit64) {
      ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 4));
      LOAD(args[0]);
      ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
      ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
      ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
      continue;
    }
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[index], 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  /* A new user namespace would give a process all capabilities within it. glibc uses clone where clone3 is missing. */
  const uint32_t namespaces = 0x7e020000;
  ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
  LOAD(args[0]);
  ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 435 /* clone3 */, 0, 1));
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  if (!is_signal_scoped) {
    /* The kernel would send a signal to the process that is set as a file's owner: F_SETOWN, F_SETSIG, F_SETOWN_EX,
     * FIOSETOWN and SIOCSPGRP. */
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 6));
    LOAD(args[1]);
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 8, 2, 0));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 10, 1, 0));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 15, 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 5));
    LOAD(args[1]);
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8901, 1, 0));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8902, 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  for (size_t index = 0; !is_signal_scoped && index < sizeof signals / sizeof *signals; index++) {
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)signals[index], 0, 4));
    LOAD(args[0]);
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
#undef LOAD
#undef ADD
  struct sock_fprog program = {count, filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

int confine_rights(void) {
  for (unsigned long capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capset, &header, none) != 0) return -1;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int confine_end(int rules) { return (int)syscall(landlock_restrict_self_call, rules, 0); }

int confine_close_others(void) { return (int)syscall(436 /* close_range */, 3, ~0u, 0); }

void adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
