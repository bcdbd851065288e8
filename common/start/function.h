// function.h - a function, as something that can be sent to another process.
//
// The address of a function means nothing in a new image of the program: the
// kernel loads it, and the libraries, elsewhere each time (address space layout
// randomization). What stays is the place inside the module, the program or a
// library, that holds it.
//
//     mp_function place;
//     mp_function_find((mp_function_pointer)hello, &place);    // in the parent
//     .. = mp_function_at(&place);                             // in the child
//
// Python sends the names of module and function (pickle), for the same reason.

#ifndef MP_START_FUNCTION_H
#define MP_START_FUNCTION_H

#include <stddef.h>
#include <stdint.h>

// Any function; cast to its own type before it is called.
typedef void (*mp_function_pointer)(void);

typedef struct {
    const char *module;  // "" for the program itself, or a library's path;
                         // owned by the dynamic linker
    uint64_t layout;     // a hash of the module's segments and build-id: not
                         // every library of the same name is the same
    size_t offset;       // bytes from where the module is loaded
} mp_function;

// Called once, at the top of main: modules that are loaded later (dlopen(3))
// are not in a new image, so functions in them cannot be found there.
void mp_function_begin(void);

// Where the function lies. Fails with EINVAL where no module that was there at
// the beginning holds it: code of a plug-in, or code made at run time, such as
// GCC's nested functions.
int mp_function_find(mp_function_pointer function, mp_function *place);

// The function at that place in this image of the program, or NULL.
mp_function_pointer mp_function_at(const mp_function *place);

#endif
