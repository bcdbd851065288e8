#include "base/platform.h"

#include "start/function.h"

#include <errno.h>
#include <link.h>

#include "base/error.h"

// A segment of code; a module has one, seldom more.
typedef struct {
    uint64_t module;
    uintptr_t base;         // where the module is loaded
    uintptr_t begin, end;   // of the segment
} segment;

enum { MOST = 256 };
static segment segments[MOST];
static int count;

// FNV-1a.
static uint64_t hash(const char *text)
{
    uint64_t value = 14695981039346656037u;
    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * 1099511628211u;
    }
    return value;
}

// dl_iterate_phdr(3) calls this once for each module. The program itself comes
// first. Functions in a segment that is not noted are refused.
static int note_module(struct dl_phdr_info *module, size_t size, void *first)
{
    (void)size;
    const char *name = *(int *)first ? "" : module->dlpi_name;
    *(int *)first = 0;
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &module->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0 &&
            count < MOST) {
            uintptr_t begin = module->dlpi_addr + header->p_vaddr;
            segments[count++] = (segment){ hash(name), module->dlpi_addr, begin,
                                           begin + header->p_memsz };
        }
    }
    return 0;
}

void mp_function_begin(void)
{
    int first = 1;
    dl_iterate_phdr(note_module, &first);
}

int mp_function_find(mp_function_pointer function, mp_function *reference)
{
    uintptr_t address = (uintptr_t)function;
    for (int i = 0; i < count; i++) {
        if (address >= segments[i].begin && address < segments[i].end) {
            *reference = (mp_function){ segments[i].module,
                                        address - segments[i].base };
            return 0;
        }
    }
    return mp_fail(EINVAL, "cannot start a process: its target is no function "
                           "of the program, nor of a library that was loaded "
                           "when main called mp_main");
}

mp_function_pointer mp_function_at(const mp_function *reference)
{
    for (int i = 0; i < count; i++) {
        uintptr_t address = segments[i].base + reference->offset;
        if (segments[i].module == reference->module &&
            address >= segments[i].begin && address < segments[i].end) {
            return (mp_function_pointer)address;
        }
    }
    return NULL;
}
