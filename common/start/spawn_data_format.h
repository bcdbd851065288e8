// spawn_data_format.h - how a letter is laid out, for the two that know:
// spawn_data.c writes it, spawn_data_open.c reads it.

#ifndef MP_START_SPAWN_DATA_FORMAT_H
#define MP_START_SPAWN_DATA_FORMAT_H

#include <stdint.h>

#include "start/function.h"
#include "start/spawn_data.h"
#include "memory/arena.h"

// The letter begins with this. A part is bytes that stand further on.
typedef struct {
    size_t at;    // bytes from the beginning; 0: there is no such part
    size_t size;  // bytes
} part;

enum { OBJECT, ARGS, NAME, IDENTITY, AUTHKEY, NUMBERS, CREATOR_NAME,
       CREATOR_IDENTITY, RUN_MODULE, TARGET_MODULE, PARTS };

typedef struct {
    uint64_t magic;
    part parts[PARTS];
    mp_function run, target;
    pid_t creator;
    bool daemon, creator_daemon, has_target;
    size_t alignment;    // of the object, where it stands in the parent
    size_t status_slot;          // where in the post's memory
    mp_shm_arena arena;  // fd -1: there is none
    int fds[MP_SPAWN_DATA_OWN + MP_PASS_FDS_MOST];
    int count;
    int own;             // so many of them are not pass_fds
} heading;

#define SPAWN_DATA_MAGIC UINT64_C(0x6d702d6c65747465)  // "mp-lette"

#endif
