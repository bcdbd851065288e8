// resident.h - memory that is really there: mapped, and each page written to.
//
//     resident_hold(1024, false);   // 1 GiB in small pages, say of 4 KiB
//     resident_hold(4096, false);   // 3 GiB more: what is there stays
//     resident_hold(1024, true);    // anew, in huge pages, say of 2 MiB
//     resident_release();
//
// There is one such memory, of this process. A kernel that has huge pages may
// use them unasked, so each kind is asked for (madvise(2)). All sizes in MiB.

#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <stdint.h>

// Makes the memory `size` large, of that kind. What is there stays, if it is of
// that kind and not too large; otherwise it begins anew. Sizes are even.
// Errors: ENOMEM; EINVAL for a kind that the kernel does not have.
int resident_hold(int64_t size, bool huge);

// Gives all of it back.
void resident_release(void);

// Whether this kernel gives huge pages to who asks. Tries it; then nothing is
// held.
bool resident_has_huge(void);

// How much may be held without harm to anybody: half of what is available, by
// the kernel's own count, by the limit of the control group that a container
// has, and by `ulimit -v`. -1 where the kernel does not say.
int64_t resident_most(void);

#endif
