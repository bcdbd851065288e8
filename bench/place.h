// place.h - on which CPUs a process and its helpers run, of those that it may
// use. Whom the kernel wakes it puts where it likes, and whether that is the
// CPU of the waker or another one decides what waking costs: so it must not
// choose.
//
//     place_helpers(); .. = fork();      // helpers get the last CPU
//     place_self(PLACE_APART);           // this process has the first one
//     .. measure ..
//     place_back();

#ifndef PLACE_H
#define PLACE_H

typedef enum { PLACE_TOGETHER, PLACE_APART } place;

// This thread, and what it starts, goes to the last CPU.
void place_helpers(void);

// This thread goes to the last CPU, to its helpers, or to the first.
void place_self(place where);

// As it was before the two, which may be called one after the other.
void place_back(void);

#endif
