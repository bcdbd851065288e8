#!/usr/bin/env bats
# What a call costs on any machine: its system calls, counted by strace(1).

setup() {
    command -v strace > /dev/null || skip "there is no strace"
    strace -o /dev/null true 2> /dev/null || skip "strace may not trace here"
    unset MP_START_METHOD
    PROGRAMS=${B:-build/cc}/tests/programs
    TRACES=$BATS_TEST_TMPDIR
}

# The system calls in a trace, without signals and exits.
calls() {
    grep -cE '^[a-z_0-9]+\(' "$1" || true
}

@test "start and join by fork are at most 12 system calls in the parent" {
    for number in 10 20; do
        MP_START_METHOD=fork strace -o "$TRACES/$number" $PROGRAMS/starts $number
    done
    each=$((($(calls "$TRACES/20") - $(calls "$TRACES/10")) / 10))
    echo "start and join: $each system calls"
    [ "$each" -le 12 ]
}

@test "a forked child makes 4 system calls beside those that reset its handlers" {
    MP_START_METHOD=fork strace -ff -o "$TRACES/child" $PROGRAMS/starts 1
    child=$(ls "$TRACES"/child.* | sort -t. -k2n | tail -1)
    others=$(grep -vc rt_sigaction <(grep -E '^[a-z_0-9]+\(' "$child"))
    cat "$child"
    # glibc's own fork registers a list of robust mutexes
    [ "$(grep -c rt_sigaction "$child")" -le 32 ]
    [ "$others" -le 5 ]
}

# The system calls of the parent and of its worker in so many calls of apply, as
# two numbers. "$@" goes before the program.
count() {
    calls=$1; shift
    strace -f -o "$BATS_TEST_TMPDIR/trace" "$@" $PROGRAMS/apply "$calls" 1
    awk '/resumed>|[+][+][+]|---/ { next }
         NR == 1 { parent = $1 }
         $1 == parent { p++; next } { w++ }
         END { print p, w }' "$BATS_TEST_TMPDIR/trace"
}

# For each call, in hundredths: what 3,000 calls take more than 1,000.
for_each_call() {
    read -r parent_1 worker_1 <<< "$(count 1000 "$@")"
    read -r parent_3 worker_3 <<< "$(count 3000 "$@")"
    echo $(((parent_3 - parent_1) / 20)) $(((worker_3 - worker_1) / 20))
}

# One in ten more: the workers are checked now and then.
@test "on one CPU apply takes two system calls in the parent, and two in the worker" {
    read -r parent worker <<< "$(for_each_call taskset -c 0)"
    echo "parent $parent, worker $worker, in hundredths"
    [ "$parent" -le 220 ]
    [ "$worker" -le 210 ]
    [ "$parent" -ge 50 ]
}

# Another program may have one of the CPUs for a while.
@test "while parent and worker spin, apply takes no system call" {
    [ "$(nproc)" -ge 2 ] || skip "there is one CPU"
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        read -r parent worker <<< "$(for_each_call env)"
        echo "parent $parent, worker $worker, in hundredths"
        [ "$parent" -gt 10 ] || [ "$worker" -gt 10 ] || return 0
    done
    python3 -c 'import time
end = time.monotonic() + 0.5
while time.monotonic() < end: pass
exit(time.process_time() < 0.45)' || skip "other programs use the CPUs"
    false
}

@test "a lock that is free is acquired and released without a system call" {
    for times in 1 1000; do
        strace -o "$TRACES/$times" $PROGRAMS/waits $times 0
    done
    [ "$(calls "$TRACES/1000")" -eq "$(calls "$TRACES/1")" ]
}

@test "an event that is set wakes 64 waiters by one system call" {
    MP_START_METHOD=fork timeout 60 strace -o "$TRACES/waits" $PROGRAMS/waits 0 64
    sed -n '/^getppid/,/^getppid/p' "$TRACES/waits" > "$TRACES/set"
    cat "$TRACES/set"
    [ "$(calls "$TRACES/set")" -eq 3 ]
    grep -q '^futex(.*FUTEX_WAKE' "$TRACES/set"
}

# What 110 messages of so many bytes take more than 10: for each message, in
# hundredths, how often it calls $3.
each_message() {
    for times in 10 110; do
        strace -o "$TRACES/$times" $PROGRAMS/messages "$1" "$2" $times
    done
    echo $(($(grep -c "^$3(" "$TRACES/110") - $(grep -c "^$3(" "$TRACES/10")))
}

@test "a message of up to 16384 bytes is one write, a larger one two; each is two reads" {
    for how in pipe duplex; do
        for size in 1 16384; do
            [ "$(each_message $how $size write)" -eq 100 ]
            [ "$(each_message $how $size read)" -eq 200 ]
            [ "$(calls "$TRACES/110")" -eq $(($(calls "$TRACES/10") + 300)) ]
        done
        [ "$(each_message $how 16385 write)" -eq 200 ]
        [ "$(each_message $how 16385 read)" -eq 200 ]
        [ "$(calls "$TRACES/110")" -eq $(($(calls "$TRACES/10") + 400)) ]
        [ "$(each_message $how 0 write)" -eq 100 ]
        [ "$(each_message $how 0 read)" -eq 100 ]
    done
}

@test "an item is put and got without a system call, also in a new segment" {
    for size in 8 10000 40000; do
        for times in 10 1000; do
            strace -o "$TRACES/$times" $PROGRAMS/messages queue $size $times
        done
        [ "$(calls "$TRACES/1000")" -eq "$(calls "$TRACES/10")" ]
    done
}
