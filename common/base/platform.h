// platform.h - what C11 and POSIX leave to the machine, in one place.
//
// Linux 5.4 or later, glibc or musl, gcc or clang. Everything that is Linux's
// alone goes by a name of ours here, so that the files above read the same on
// each C library. Include it first: it asks the headers for all they have.

#ifndef MP_BASE_PLATFORM_H
#define MP_BASE_PLATFORM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdint.h>
#if UINTPTR_MAX < UINT64_MAX || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "This library needs a processor with 64-bit addresses, little-endian."
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- pidfd: a descriptor that stands for a process ------------------------
//
// A pid may be given to a stranger once its process has been reaped; a pidfd
// never is. It becomes readable when its process ends. pidfd_open(2), since
// Linux 5.3; close-on-exec at once. The numbers are those of <asm/unistd.h>,
// for headers that are older than the kernel they run on.
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436  // since Linux 5.9
#endif

// Keeps a new descriptor away from 0, 1 and 2: a program that has closed those
// means to open something else there. Passes -1 on.
static inline int mp_fd_raise(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO) {
        return fd;
    }
    int raised = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return raised;
}

static inline int mp_pidfd_open(pid_t pid)
{
    return mp_fd_raise((int)syscall(SYS_pidfd_open, pid, 0));
}

static inline int mp_pidfd_send_signal(int pidfd, int sig)
{
    return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

// waitid(2) on a pidfd, since Linux 5.4. glibc names the constant from 2.36 on.
#define MP_P_PIDFD ((idtype_t)3)

// mmap(2) at an address, if nothing is there; since Linux 4.17.
#ifdef MAP_FIXED_NOREPLACE
#define MP_MAP_FIXED_NOREPLACE MAP_FIXED_NOREPLACE
#else
#define MP_MAP_FIXED_NOREPLACE 0x100000
#endif

// futex(2), as <linux/futex.h> has it, which is not everywhere.
#define MP_FUTEX_WAIT 0
#define MP_FUTEX_WAIT_BITSET 9
#define MP_FUTEX_WAKE_BITSET 10

// For a loop that looks at memory until another process has changed it: lets a
// processor that knows how wait a little, at less expense.
static inline void mp_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

// ---- stdio and fork -------------------------------------------------------

// Writes out what waits in these two. fflush(NULL) would wait for a thread that
// reads stdin, and in a child write once more what its parent has not written.
static inline void mp_platform_flush(void)
{
    fflush(stdout);
    fflush(stderr);
}

// Another thread may be inside printf when we fork. glibc's fork then frees the
// stream's lock in the child. musl's does not: there we hold the locks of
// stdout and stderr ourselves over a fork, and release them on both sides.
static inline void mp_platform_lock_streams(void)
{
#ifndef __GLIBC__
    flockfile(stdout);
    flockfile(stderr);
#endif
}

static inline void mp_platform_unlock_streams(void)
{
#ifndef __GLIBC__
    funlockfile(stderr);
    funlockfile(stdout);
#endif
}

#endif
