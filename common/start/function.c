#include "base/platform.h"

#include "start/function.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"

// dl_iterate_phdr(3) shows the modules one by one, the program first, later
// ones last. A visitor returns non-zero to end the walk.
typedef struct dl_phdr_info module;

static int modules_at_begin;

static int count(module *here, size_t size, void *counted)
{
    (void)here;
    (void)size;
    ++*(int *)counted;
    return 0;
}

void mp_function_begin(void)
{
    modules_at_begin = 0;
    dl_iterate_phdr(count, &modules_at_begin);
}

// Whether the offset is one of code in this module.
static bool holds(const module *here, size_t offset)
{
    for (int i = 0; i < here->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &here->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
            offset >= segment->p_vaddr &&
            offset - segment->p_vaddr < segment->p_memsz) {
            return true;
        }
    }
    return false;
}

// FNV-1a.
static uint64_t add_to_hash(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 1099511628211u;
    }
    return hash;
}

// Of the table of segments, which no loader changes, and of the notes, among
// which is the build-id: --build-id in ld(1).
static uint64_t layout(const module *here)
{
    uint64_t hash = 14695981039346656037u;
    hash = add_to_hash(hash, here->dlpi_phdr,
                       here->dlpi_phnum * sizeof *here->dlpi_phdr);
    for (int i = 0; i < here->dlpi_phnum; i++) {
        const ElfW(Phdr) *note = &here->dlpi_phdr[i];
        if (note->p_type == PT_NOTE) {
            hash = add_to_hash(hash,
                               (void *)(here->dlpi_addr + note->p_vaddr),
                               note->p_memsz);
        }
    }
    return hash;
}

typedef struct {
    int index;            // of the module that is looked at, the program's is 0
    mp_function *place;   // what is looked for, or found
    uintptr_t address;
} query;

static int visit_address(module *here, size_t size, void *argument)
{
    (void)size;
    query *asked = argument;
    size_t offset = asked->address - here->dlpi_addr;
    int index = asked->index++;
    if (index >= modules_at_begin || !holds(here, offset)) {
        return 0;
    }
    *asked->place = (mp_function){
        .module = index == 0 ? "" : here->dlpi_name,
        .layout = layout(here),
        .offset = offset,
    };
    return 1;
}

int mp_function_find(mp_function_pointer function, mp_function *place)
{
    query asked = { .place = place, .address = (uintptr_t)function };
    if (dl_iterate_phdr(visit_address, &asked) == 0) {
        return mp_fail(EINVAL, "cannot start a process: its target is no "
                               "function of the program, nor of a library "
                               "that was loaded when main called mp_main");
    }
    return 0;
}

static int visit_place(module *here, size_t size, void *argument)
{
    (void)size;
    query *asked = argument;
    const mp_function *place = asked->place;
    const char *name = asked->index++ == 0 ? "" : here->dlpi_name;
    if (strcmp(name, place->module) != 0 || layout(here) != place->layout ||
        !holds(here, place->offset)) {
        return 0;
    }
    asked->address = here->dlpi_addr + place->offset;
    return 1;
}

mp_function_pointer mp_function_at(const mp_function *place)
{
    query asked = { .place = (mp_function *)place };
    dl_iterate_phdr(visit_place, &asked);
    return (mp_function_pointer)asked.address;
}
