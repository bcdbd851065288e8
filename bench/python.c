#include "base/platform.h"

#include "python.h"

#include "peer.h"

// There is at most one.
static peer python = { .name = "the Python program" };

const char *python_version(void)
{
    return python.says;
}

// -B: no compiled copy of the script is left beside it.
int python_open(const char *script)
{
    char *argv[] = { "python3", "-B", (char *)script, NULL };
    return peer_open(&python, argv);
}

int64_t python_ask(const char *word, int64_t n)
{
    return peer_ask(&python, word, n);
}

void python_close(void)
{
    peer_close(&python);
}
