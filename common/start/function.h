// function.h - a function, as something that can be sent to another process.
//
// The address of a function means nothing in a new image of the program: the
// kernel loads the program and its libraries elsewhere each time (address space
// layout randomization). What stays is the module that holds the function, and
// the function's offset in that module.
//
//     mp_function reference;
//     mp_function_find((mp_function_pointer)hello, &reference);  // parent
//     .. = mp_function_at(&reference);                           // child
//
// Python sends the names of module and function (pickle), for the same reason.

#ifndef MP_START_FUNCTION_H
#define MP_START_FUNCTION_H

#include <stddef.h>
#include <stdint.h>

// Any function; cast to its own type before it is called.
typedef void (*mp_function_pointer)(void);

// A function reference. It has no pointers: its bytes can be copied anywhere.
typedef struct {
    uint64_t module;  // a hash of the module's file name; never 0
    size_t offset;    // bytes from where the module is loaded
} mp_function;

// Called once, at the top of main: notes which modules there are. Modules that
// are loaded later (dlopen(3)) are not in a new image, so functions in them
// cannot be found there. The dynamic linker is not asked again: a forked child
// might wait for ever for its lock, which another thread had at the fork.
void mp_function_begin(void);

// Errors: EINVAL where no module that was there at the beginning holds it: code
// of a plug-in, or code made at run time, such as GCC's nested functions.
int mp_function_find(mp_function_pointer function, mp_function *reference);

// The function in this image of the program, or NULL. The program itself is the
// one that runs, also if its file was replaced. If the file of a library was
// replaced, a new image has the new library, and may find another function at
// that offset.
mp_function_pointer mp_function_at(const mp_function *reference);

#endif
