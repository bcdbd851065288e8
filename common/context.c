#include "context.h"

#include "family.h"
#include "start_fork.h"

void mp_main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    mp_family_begin();
}

int mp_launch(mp_process *process)
{
    return mp_start_fork.launch(process);
}
