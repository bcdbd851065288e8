#!/usr/bin/env bats
# `make run`: a reader's own program, built against the library.

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS F MP_START_METHOD
    cd "$BATS_TEST_DIRNAME/.."
    mine="$BATS_TEST_TMPDIR/a folder/mine.c"
    mkdir -p "${mine%/*}"
}

# The program that the README gives to begin with.
starter() {
    sed -n '/^```c$/,/^```$/p' README.md | grep -v '^```'
}

@test "the README's starter runs without a warning, under each start method" {
    starter > "$mine"
    [ "$(grep -c . "$mine")" -le 12 ]
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method run make -s run F="$mine"
        [ "$status" -eq 0 ]
        [ "$output" = "hi from a child" ]
    done
}

@test "clang and a sanitizer build a reader's file, too" {
    starter > "$mine"
    [ "$(make SAN=address,undefined run F="$mine")" = "hi from a child" ]
    command -v clang > /dev/null || skip "no clang"
    [ "$(make CC=clang run F="$mine")" = "hi from a child" ]
}

@test "a sanitizer finds a fault in a reader's file" {
    echo 'int main(int argc, char **argv) { char text[4]; (void)argv; return text[argc + 3]; }' > "$mine"
    run make SAN=address,undefined run F="$mine"
    [ "$status" -ne 0 ]
    [[ "$output" == *"mine.c:1"* ]]
}

@test "a reader's file gets ARGS, warnings, and what is in check" {
    cat > "$mine" <<'END'
#include "lesson.h"
int main(int argc, char **argv)
{
    int forgotten;
    printf("%d %s\n", argc, argv[2]);
    mp_process p;
    check(mp_process_init(&p));
    check(mp_process_join(&p, MP_FOREVER));
}
END
    run make run F="$mine" ARGS="1 'two words'"
    [ "$status" -ne 0 ]
    [[ "$output" == *"unused variable"*"forgotten"* ]]
    [[ "$output" == *"3 two words"* ]]
    [[ "$output" == *"mine.c:8: mp_process_join(&p, MP_FOREVER): can only join a started process"* ]]
}

@test "a changed file is built anew" {
    for text in one two; do
        printf '#include <stdio.h>\nint main(void) { puts("%s"); }\n' $text > "$mine"
        [ "$(make run F="$mine")" = "$text" ]
    done
}

@test "no file, a wrong name and a faulty file fail make, each with one line" {
    run make -s run
    [ "$status" -ne 0 ]
    [ "${lines[0]}" = "Which file? Type make run F=mine.c" ]
    run make -s run F="$mine"
    [ "$status" -ne 0 ]
    [ "${lines[0]}" = "There is no file '$mine'." ]
    echo 'int main(void) { return }' > "$mine"
    run make -s run F="$mine"
    [ "$status" -ne 0 ]
    [[ "$output" == *"$mine does not compile, so nothing was run."* ]]
}

@test "a reader's program that fails makes make fail" {
    echo 'int main(void) { return 5; }' > "$mine"
    run make run F="$mine"
    [ "$status" -ne 0 ]
    [[ "$output" == *"Error 5"* ]]
}

@test "a child that dies and is not asked says nothing, and three tools say where" {
    crash=build/cc/lessons/06_lifecycle/lifecycle_crash
    run make -s lesson-lifecycle_crash
    [ "$status" -eq 0 ]
    [ "$output" = "Process-2: exit code -11" ]
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method run make -s SAN=address,undefined lesson-lifecycle_crash
        [[ "$output" == *"lessons/06_lifecycle/lifecycle_crash.c:"* ]]
    done
    if command -v strace > /dev/null; then
        run strace -f -e trace=none $crash
        [ "$(grep -c 'killed by SIGSEGV' <<< "$output")" -eq 2 ]
    fi
    if command -v gdb > /dev/null; then
        run gdb -batch -ex 'set follow-fork-mode child' -ex run -ex backtrace $crash
        [[ "$output" == *"in work "*"lifecycle_crash.c"* ]]
    fi
}

@test "a sanitizer reports what kills a child, under each start method" {
    cat > "$mine" <<'END'
#include "lesson.h"
#include <signal.h>
static int fall(void *args) { (void)args; return raise(SIGSEGV); }
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    mp_process p;
    check(mp_process_init(&p, .target = fall));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
}
END
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method run make -s SAN=address,undefined run F="$mine"
        [[ "$output" == *"AddressSanitizer: SEGV"* ]]
    done
}

@test "an editor finds every header by compile_flags.txt" {
    command -v clang > /dev/null || skip "no clang"
    clang -fsyntax-only $(cat compile_flags.txt) lessons/01_hello/hello.c common/pool/map.c
}
