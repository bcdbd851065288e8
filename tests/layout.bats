#!/usr/bin/env bats
# What the layout promises about its own text: sizes, arrows, and that whatever
# a lesson says of the code is still there.

# The lines of code of a C source: neither blank nor a whole-line comment.
code_lines() {
    grep -vcE '^[[:space:]]*(//.*)?$' "$1"
}

@test "every file of common has at most 300 lines, each folder its number" {
    wc -l common/*.h common/*/* | awk '$2 != "total" && $1 > 300 { print; bad = 1 }
                                       END { exit bad }'
    while read -r folder most; do
        lines=$(cat common/"$folder"/* | wc -l)
        [ "$lines" -le "$most" ] || { echo "$folder: $lines lines, at most $most"; false; }
    done <<'END'
base 700
memory 400
process 1450
start 1500
pool 2000
sync 900
message 1220
cluster 508
watch 250
trace 80
END
}

@test "what makes the book, the views and the checks of exercises keeps its size" {
    [ "$(cat book/*.py book/theme/*.* book/theme/static/* | wc -l)" -le 1220 ]
    [ "$(cat views/*.py views/*.gp | wc -l)" -le 1016 ]
    [ "$(cat exercises/[a-z]*.py exercises/lines.c | wc -l)" -le 800 ]
}

@test "every function of common has at most 40 lines" {
    awk '/^[a-z_].*\(/ { start = FNR }
         /^{/ { inside = 1 }
         /^}/ && inside { inside = 0
                          if (FNR - start + 1 > 40) { print FILENAME ":" start; bad = 1 } }
         END { exit bad }' common/*/*.[ch]
}

@test "no line is wider than 80 columns, none of a lesson wider than 72" {
    awk 'length($0) > 80 { print FILENAME ":" FNR; bad = 1 }
         END { exit bad }' common/*.h common/*/* tests/unit/*.[ch] bench/*.[ch]
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

@test "every lesson but the last names a view, of which it has an example" {
    [ "$(echo lessons/*/view.txt | wc -w)" -eq 21 ]
    for example in lessons/*/view.txt; do
        folder=$(dirname "$example")
        sed -n '/^\/\/ ## See it$/,/^\/\/ ## What/p' "$folder/${folder#*/??_}.c" |
            grep -qF "\`$(head -1 "$example")\`"
    done
}

@test "a folder of common uses only those before it, and no two files each other" {
    for folder in base memory process start pool sync message cluster watch trace; do
        allowed="${allowed:+$allowed|}$folder"
        bad=$(grep -nE '#include "[a-z]' common/"$folder"/*.[ch] |
              grep -vE "#include \"($allowed)/") || bad=
        [ -z "$bad" ] || { echo "$bad"; false; }
    done
    run grep -nE '#include "(start|pool)/' common/sync/*.[ch] common/message/*.[ch]
    [ -z "$output" ] || { echo "$output"; false; }
    # tsort names each circle, where there is one
    for file in common/*/*.h; do
        sed -n "s|^#include \"\(.*\)\"\$|${file#common/} \1|p" "$file"
    done | tsort > /dev/null
}

@test "every function that a text places in a file is there" {
    # "`launch()` in `common/start/fork.c`", also across a line's end
    for text in lessons/*/*.c README.md bench/README.md; do
        sed 's|^ *// *||' "$text" | tr '\n' ' ' |
            grep -oE '`[a-z_]+\(\)` in +`(common/[a-z]+|bench)/[a-z_]+\.[ch]`' |
            tr -d '`()' | while read -r name in file; do
                grep -qE "^[a-z_].*\b$name\)?\(" "$file" || { echo "$text: $name, $file"; exit 1; }
            done
    done
}

@test "every name of the library that a text mentions exists" {
    grep -ohE '`?\b(mp|MP)_[A-Za-z_]+' lessons/*/*.c README.md common/mp.h |
        tr -d '`' | sort -u | while read -r name; do
            grep -qrE "\b$name\b" common/*.h common/*/*.h lessons/lesson.h || { echo "$name"; exit 1; }
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
            grep -qF -- "$line" common/*/*.c || { echo "$source: $line"; exit 1; }
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

@test "MP_ITEMS, MP_RESULTS, MP_ITEM and MP_RESULT refuse a pointer" {
    for macro in MP_ITEMS MP_RESULTS MP_ITEM MP_RESULT; do
        printf '#include "mp.h"\nint f(const void *a, void *r);\nint g(mp_pool *p, long *n) { return mp_pool_map(p, f, %s(n)); }\n' $macro \
            > "$BATS_TEST_TMPDIR/pointer.c"
        for cc in cc clang; do
            command -v $cc > /dev/null || continue
            run $cc -std=c11 -Icommon -c "$BATS_TEST_TMPDIR/pointer.c" -o "$BATS_TEST_TMPDIR/pointer.o"
            [ "$status" -ne 0 ]
            [[ "$output" == *"$macro"*"take no pointer: MP_ITEMS_AT and MP_RESULTS_AT do"* ]]
        done
    done
}

@test "three sleepers sleep side by side, not one after the other" {
    "${B:-build/cc}/lessons/03_many/many" 1000 3>&- &
    program=$!
    until [ "$(wc -w < /proc/$program/task/$program/children)" -eq 3 ]; do
        kill -0 $program
        sleep 0.01
    done
    kill $(cat /proc/$program/task/$program/children)
    wait $program
}
