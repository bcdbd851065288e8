#!/usr/bin/env bats
# Start methods in whole programs: the guard, a deleted file, a loaded library.
# The programs stand in tests/programs.

bats_require_minimum_version 1.5.0

setup() {
    unset MP_START_METHOD
    PROGRAMS=build/cc/tests/programs
    LIMIT="timeout $(python3 tests/patience.py 20)"
    SANDBOX=$(mktemp -d)
}

teardown() {
    rm -rf "$SANDBOX"
}

@test "a program that never calls mp_main is refused a new image, in one sentence" {
    for method in spawn forkserver; do
        run -0 $LIMIT $PROGRAMS/unguarded $method
        [ "${#lines[@]}" -eq 2 ]
        [ "${lines[0]}" = "main runs" ]
        [ "${lines[1]}" = "cannot start a process by $method: main must call mp_main first" ]
    done
}

@test "it may fork" {
    run -0 $LIMIT $PROGRAMS/unguarded fork
    [ "$output" = "main runs
the child ran" ]
}

@test "what stands before mp_main starts no process in a new image: no fork bomb" {
    run -0 $LIMIT $PROGRAMS/early
    [ "$output" = "forked
cannot start a process before mp_main in a process that was itself spawned
spawned" ]
}

@test "what main prints above mp_main the fork server prints once" {
    $LIMIT $PROGRAMS/above > "$SANDBOX/output"
    [ "$(grep -c "^above" "$SANDBOX/output")" -eq 2 ]  # the program and its server
    [ "$(grep -c "^child" "$SANDBOX/output")" -eq 3 ]
}

@test "a program whose file was deleted starts processes by every method" {
    for method in fork spawn forkserver; do
        cp $PROGRAMS/deleted "$SANDBOX/deleted"
        run -0 $LIMIT "$SANDBOX/deleted" $method
        [ "$output" = "the child ran" ]
        [ ! -e "$SANDBOX/deleted" ]
    done
}

@test "a function of a library that was loaded later is refused a new image" {
    printf 'int five(void *unused) { (void)unused; return 5; }\n' > "$SANDBOX/five.c"
    cc -shared -fPIC -o "$SANDBOX/five.so" "$SANDBOX/five.c"
    run -0 $LIMIT $PROGRAMS/plugin fork "$SANDBOX/five.so" five
    [ "$output" = "exitcode 5" ]
    for method in spawn forkserver; do
        run -1 $LIMIT $PROGRAMS/plugin $method "$SANDBOX/five.so" five
        [ "$output" = "cannot start a process: its target is no function of the program, nor of a library that was loaded when main called mp_main" ]
    done
}

@test "a function of a library that was there at the beginning is found again" {
    run -0 env LD_PRELOAD= $LIMIT $PROGRAMS/plugin spawn libc.so.6 getpagesize
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
            run -0 $LIMIT env LD_PRELOAD="$SANDBOX/five.so" $PROGRAMS/plugin $method "$SANDBOX/five.so" five $as
            [ "$output" = "the target is not in this image of the program: a library is another one here
exitcode 255" ]
        done
    done
}

@test "functions of two libraries of the same shape are not mixed up" {
    for name in one two; do
        echo "int task_$name(const void *arg, void *result) { (void)arg; *(long *)result = NUMBER_$name; return 0; }" |
            cc -shared -fPIC -Wl,--build-id=none -DNUMBER_one=1 -DNUMBER_two=2 -o "$SANDBOX/lib$name.so" -x c -
    done
    for method in fork spawn forkserver; do
        run -0 $LIMIT env LD_PRELOAD="$SANDBOX/libone.so:$SANDBOX/libtwo.so" \
            $PROGRAMS/two_libraries $method "$SANDBOX/libone.so" "$SANDBOX/libtwo.so"
        [ "$output" = "1 2 1" ]
    done
}

@test "the mark on the command line means nothing to a program started by hand" {
    run -0 $LIMIT $PROGRAMS/unguarded --multiprocessing-spawn
    [ "${lines[0]}" = "main runs" ]
    run -2 $LIMIT build/cc/lessons/01_hello/hello --multiprocessing-spawn
    [[ "$output" == *"usage: hello"* ]]
}

@test "a program that executes itself anew is no child for that" {
    run -0 $LIMIT $PROGRAMS/again spawn anew
    [ "$output" = "the child ran" ]
}

@test "an image that was given nonsense ends with one sentence" {
    run -255 $LIMIT $PROGRAMS/image nonsense
    [ "$output" = "cannot read what this process was given: '--multiprocessing-spawn=nonsense'" ]
}

@test "mp_main may be called twice" {
    for method in fork spawn forkserver; do
        run -0 $LIMIT $PROGRAMS/again $method
        [ "$output" = "the child ran" ]
    done
}

@test "a set-user-ID program forks, and refuses the other methods in one sentence" {
    [ "$(id -u)" -eq 0 ] || skip "it takes root to make such a program"
    cp $PROGRAMS/again "$SANDBOX/setuid"
    chown nobody "$SANDBOX/setuid"
    chmod 4755 "$SANDBOX/setuid"
    chmod 755 "$SANDBOX"
    run -0 $LIMIT "$SANDBOX/setuid" fork
    [ "$output" = "the child ran" ]
    for method in spawn forkserver; do
        run -0 $LIMIT "$SANDBOX/setuid" $method
        [ "$output" = "cannot start a process by $method in a set-user-ID program: use fork" ]
    done
}
