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

@test "the mark on the command line means nothing to a program started by hand" {
    run -0 timeout 20 build/cc/tests/programs/unguarded --multiprocessing-spawn
    [ "${lines[0]}" = "main runs" ]
    run -2 timeout 20 build/cc/lessons/01_hello/hello --multiprocessing-spawn
    [[ "$output" == *"usage: hello"* ]]
}

@test "a passed letter that is none ends the image with one sentence" {
    run -255 timeout 20 sh -c 'exec 3</dev/null; exec build/cc/tests/programs/image'
    [ "$output" = "descriptor 3 is no letter" ]
}
