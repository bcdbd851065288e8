#!/usr/bin/env bats
# What the house promises about its own text: sizes, floors, and that whatever
# a lesson says of the code is still there.

# The lines of code of a C source: neither blank nor a whole-line comment.
code_lines() {
    grep -vcE '^[[:space:]]*(//.*)?$' "$1"
}

@test "every file of common has at most 300 lines, all of them at most 6900" {
    wc -l common/* | awk '$2 != "total" && $1 > 300 { print; bad = 1 }
                          $2 == "total" && $1 > 6900 { print; bad = 1 }
                          END { exit bad }'
}

@test "every function of common has at most 40 lines" {
    awk '/^[a-z_].*\(/ { start = FNR }
         /^{/ { inside = 1 }
         /^}/ && inside { inside = 0
                          if (FNR - start + 1 > 40) { print FILENAME ":" start; bad = 1 } }
         END { exit bad }' common/*.[ch]
}

@test "no line is wider than 80 columns, none of a lesson wider than 72" {
    awk 'length($0) > 80 { print FILENAME ":" FNR; bad = 1 }
         END { exit bad }' common/* tests/unit/*.[ch] bench/*.[ch]
    awk 'length($0) > 72 { print FILENAME ":" FNR; bad = 1 }
         END { exit bad }' lessons/*/*.c
}

@test "every lesson file has at most 80 lines of code, an original, an output" {
    for source in lessons/*/*.c; do
        [ "$(code_lines "$source")" -le 80 ]
        [ -f "${source%.c}.py" ]
        [ -f "${source%.c}.expected" ]
    done
}

@test "every lesson begins with its title, ends with what to try" {
    for source in lessons/*/*.c; do
        head -1 "$source" | grep -q '^// # '
        grep -q '^// ## What happens underneath$' "$source"
        grep -q '^// ## Try this$' "$source"
    done
}

@test "a file of common includes only files of its own or lower floors" {
    floor() {
        case $1 in
            platform | error | clock | fdio | fdpass | cpus) echo 0 ;;
            eventcount | post | shm | orphan | reap | children | function) echo 1 ;;
            process | process_state | family) echo 2 ;;
            birth | letter | letter_format | letter_open) echo 3 ;;
            start_fork | start_spawn | start_forkserver | forkserver | server) echo 4 ;;
            context) echo 5 ;;
            board) echo 5 ;;
            pool | pool_parts | pool_workers | pool_map | pool_post | async_result) echo 6 ;;
            mp) echo 7 ;;
            lesson) echo 8 ;;
            *) echo "no floor for $1" >&2; echo -1 ;;
        esac
    }
    for file in common/*.[ch]; do
        here=$(basename "${file%.*}")
        for there in $(sed -n 's/^#include "\(.*\)\.h"$/\1/p' "$file"); do
            [ "$(floor "$there")" -ge 0 ]
            [ "$(floor "$there")" -le "$(floor "$here")" ] || { echo "$file: $there"; false; }
        done
    done
}

@test "every function that a text places in a file is there" {
    # "`launch()` in `common/start_fork.c`", also across a line's end
    for text in lessons/*/*.c README.md bench/README.md; do
        sed 's|^ *// *||' "$text" | tr '\n' ' ' |
            grep -oE '`[a-z_]+\(\)` in +`(common|bench)/[a-z_]+\.[ch]`' |
            tr -d '`()' | while read -r name in file; do
                grep -qE "^[a-z_].*\b$name\(" "$file" || { echo "$text: $name, $file"; exit 1; }
            done
    done
}

@test "every name of the library that a text mentions exists" {
    grep -ohE '`?\b(mp|MP)_[A-Za-z_]+' lessons/*/*.c README.md common/mp.h |
        tr -d '`' | sort -u | while read -r name; do
            grep -qrE "\b$name\b" common/*.h || { echo "$name"; exit 1; }
        done
}

@test "every file that a text mentions exists" {
    cat lessons/*/*.c README.md | grep -ohE '`(common|bench|plots|tests|lessons)/[a-zA-Z0-9_./]+`' |
        tr -d '`' | sort -u | while read -r file; do
            [ -e "$file" ] || { echo "$file"; exit 1; }
        done
}

@test "code that a lesson quotes from common is there, line for line" {
    for source in lessons/*/*.c; do
        sed -n 's|^//     *\(.*\)|\1|p' "$source" | grep -v '^$' | while read -r line; do
            grep -qF -- "$line" common/*.c || { echo "$source: $line"; exit 1; }
        done
    done
}

@test "MP_ARGS refuses a pointer, and says why" {
    printf '#include "mp.h"\nvoid f(mp_process *p, char *s) { mp_process_init(p, MP_ARGS(s)); }\n' \
        > "$BATS_TEST_TMPDIR/pointer.c"
    for cc in cc clang; do
        command -v $cc > /dev/null || continue
        run $cc -std=c11 -Icommon -c "$BATS_TEST_TMPDIR/pointer.c" -o "$BATS_TEST_TMPDIR/pointer.o"
        [ "$status" -ne 0 ]
        [[ "$output" == *"MP_ARGS copies bytes: give an array or a struct, not a pointer"* ]]
    done
}

@test "three sleepers of one second take one second, not three" {
    program="${B:-build/cc}/lessons/03_many/many"
    before=$(date +%s%N)
    "$program" 1
    took=$((($(date +%s%N) - before) / 1000000))
    [ "$took" -ge 1000 ]
    [ "$took" -lt 3000 ]
}
