#!/usr/bin/env bats
# Start methods in whole programs: the guard, a deleted file, a loaded library.
# The programs stand in tests/programs.

bats_require_minimum_version 1.5.0

setup() {
    unset MP_START_METHOD
    PROGRAMS=build/cc/tests/programs
    SANDBOX=$(mktemp -d)
}

teardown() {
    rm -rf "$SANDBOX"
}

@test "a program that never calls mp_main is refused a new image, in one sentence" {
    for method in spawn forkserver; do
        run -0 timeout 20 $PROGRAMS/unguarded $method
        [ "${#lines[@]}" -eq 2 ]
        [ "${lines[0]}" = "main runs" ]
        [ "${lines[1]}" = "cannot start a process by $method: main must call mp_main first" ]
    done
}

@test "it may fork" {
    run -0 timeout 20 $PROGRAMS/unguarded fork
    [ "$output" = "main runs
the child ran" ]
}

@test "what stands before mp_main starts no process in a new image: no fork bomb" {
    run -0 timeout 20 $PROGRAMS/early
    [ "$output" = "forked
cannot start a process before mp_main in a process that was itself spawned
spawned" ]
}

@test "what main prints above mp_main the fork server prints once" {
    timeout 20 $PROGRAMS/above > "$SANDBOX/output"
    [ "$(grep -c "^above" "$SANDBOX/output")" -eq 2 ]  # the program and its server
    [ "$(grep -c "^child" "$SANDBOX/output")" -eq 3 ]
}

@test "a program whose file was deleted starts processes by every method" {
    for method in fork spawn forkserver; do
        cp $PROGRAMS/deleted "$SANDBOX/deleted"
        run -0 timeout 20 "$SANDBOX/deleted" $method
        [ "$output" = "the child ran" ]
        [ ! -e "$SANDBOX/deleted" ]
    done
}

@test "a function of a library that was loaded later is refused a new image" {
    printf 'int five(void *unused) { (void)unused; return 5; }\n' > "$SANDBOX/five.c"
    cc -shared -fPIC -o "$SANDBOX/five.so" "$SANDBOX/five.c"
    run -0 timeout 20 $PROGRAMS/plugin fork "$SANDBOX/five.so" five
    [ "$output" = "exitcode 5" ]
    for method in spawn forkserver; do
        run -1 timeout 20 $PROGRAMS/plugin $method "$SANDBOX/five.so" five
        [ "$output" = "cannot start a process: its target is no function of the program, nor of a library that was loaded when main called mp_main" ]
    done
}

@test "a function of a library that was there at the beginning is found again" {
    run -0 env LD_PRELOAD= timeout 20 $PROGRAMS/plugin spawn libc.so.6 getpagesize
    [ "$output" = "exitcode $(($(getconf PAGESIZE) % 256))" ]
}

@test "a function of a library that a new image has not ends it with one sentence" {
    cat > "$SANDBOX/five.c" <<'END'
#include <stdlib.h>
__attribute__((constructor)) static void be_alone(void) { unsetenv("LD_PRELOAD"); }
int five(void *unused) { (void)unused; return 5; }
END
    cc -shared -fPIC -o "$SANDBOX/five.so" "$SANDBOX/five.c"
    for method in spawn forkserver; do
        for as in "" run; do
            run -0 timeout 20 env LD_PRELOAD="$SANDBOX/five.so" $PROGRAMS/plugin $method "$SANDBOX/five.so" five $as
            [ "$output" = "the target is not in this image of the program: a library is another one here
exitcode 255" ]
        done
    done
}

@test "so does a function of a library of which a new image has another version" {
    cat > "$SANDBOX/five.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
__attribute__((constructor)) static void replace(void) { rename(getenv("NEW"), getenv("OLD")); }
int five(void *unused) { (void)unused; return VERSION; }
END
    printf 'void more(void) { __asm__(".skip SKIP, 0x90"); }\n' >> "$SANDBOX/five.c"
    for method in spawn forkserver; do
        sed 's/SKIP/100/' "$SANDBOX/five.c" | cc -shared -fPIC -DVERSION=5 -o "$SANDBOX/five.so" -x c -
        sed 's/SKIP/200/' "$SANDBOX/five.c" | cc -shared -fPIC -DVERSION=6 -o "$SANDBOX/six.so" -x c -
        run -0 timeout 20 env NEW="$SANDBOX/six.so" OLD="$SANDBOX/five.so" LD_PRELOAD="$SANDBOX/five.so" $PROGRAMS/plugin $method "$SANDBOX/five.so" five
        [ "$output" = "the target is not in this image of the program: a library is another one here
exitcode 255" ]
    done
}

@test "the mark on the command line means nothing to a program started by hand" {
    run -0 timeout 20 build/cc/tests/programs/unguarded --multiprocessing-spawn
    [ "${lines[0]}" = "main runs" ]
    run -2 timeout 20 build/cc/lessons/01_hello/hello --multiprocessing-spawn
    [[ "$output" == *"usage: hello"* ]]
}

@test "a program that executes itself anew is no child for that" {
    run -0 timeout 20 build/cc/tests/programs/again once
    [ "$output" = "the child ran" ]
}

@test "a passed letter that is none ends the image with one sentence" {
    run -255 timeout 20 sh -c 'exec 3</dev/null; exec build/cc/tests/programs/image'
    [ "$output" = "descriptor 3 is no letter" ]
}
