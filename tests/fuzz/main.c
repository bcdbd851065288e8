// Gives a fuzz target the files of its corpus, and prints TAP: fuzz_authkey
// takes those of tests/fuzz/corpus/authkey. Or the files that it is given.

#include "fuzz.h"

#include <dirent.h>

static void give(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "re");
    require(file != NULL);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    // A copy of just this size: a sanitizer sees one byte read too far.
    uint8_t *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

int main(int argc, char **argv)
{
    char folder[200], path[500];
    int count = 0;
    for (int i = 1; i < argc; i++) {
        give(argv[i]);
    }
    if (argc > 1) {
        return 0;
    }
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s",
             strstr(argv[0], "fuzz_") + strlen("fuzz_"));
    DIR *all = opendir(folder);
    require(all != NULL);
    for (struct dirent *entry; (entry = readdir(all)) != NULL;) {
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            give(path);
            printf("ok %d - %s\n", ++count, path);
        }
    }
    closedir(all);
    printf("1..%d\n", count);
    return count > 0 ? 0 : 1;
}
