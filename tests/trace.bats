#!/usr/bin/env bats
# MP_TRACE, and what `make trace-N` draws from it: computed from its tables.

setup_file() {
    export LIMIT="timeout $(python3 "$BATS_TEST_DIRNAME/patience.py" 60)"
    # Where a test looks at no picture, a stand-in for gnuplot saves seconds.
    printf '#!/bin/sh\n' > "$BATS_FILE_TMPDIR/gnuplot"
    chmod +x "$BATS_FILE_TMPDIR/gnuplot"
}

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS MP_START_METHOD MP_TRACE
    cd "$BATS_TEST_DIRNAME/.."
    TRACE="$BATS_TEST_TMPDIR/trace"
}

# Traces a program, without pictures. The name of its table is in $table.
trace() {
    PATH="$BATS_FILE_TMPDIR:$PATH" run $LIMIT make -s "trace-$1"
    [ "$status" -eq 0 ]
    table="build/views/trace-$1.tsv"
}

@test "of 18,000 events of two processes none is lost or torn, by each start method" {
    make -s build/cc/lessons/16_lock/lock
    for method in fork spawn forkserver; do
        rm -f "$TRACE"
        MP_START_METHOD=$method MP_TRACE="$TRACE" build/cc/lessons/16_lock/lock 3000
        awk -F '\t' 'NF != 8 || $1 !~ /^[0-9]+\.[0-9]+$/ || $2 !~ /^[0-9]+$/ ||
                     $3 !~ /^[0-9]+$/ || $5 !~ /^[0-9]+$/ || $7 !~ /^0x[0-9a-f]+$/ ||
                     $6 !~ /^(asks|has|leaves|waits|woken)$/ { print; exit 1 }' "$TRACE"
        # Each process asks for, gets and releases the lock 3,000 times.
        [ "$(cut -f 2,6,7 "$TRACE" | sort | uniq -c | awk '$1 == 3000' | wc -l)" -eq 6 ]
    done
}

@test "a trace that cannot be written is said in one line, with status 2" {
    make -s build/cc/lessons/01_hello/hello
    MP_TRACE=/nowhere/trace run build/cc/lessons/01_hello/hello
    [ "$status" -eq 2 ]
    [ "$output" = "MP_TRACE: cannot write to '/nowhere/trace': No such file or directory" ]
}

@test "a traced program prints what it prints otherwise, also under the view" {
    plain=$(make -s lesson-map_vs_map_async_plain)
    [ "$(MP_TRACE="$TRACE" make -s lesson-map_vs_map_async_plain)" = "$plain" ]
    [ -s "$TRACE" ]
    trace map_vs_map_async_plain
    [ "${output%%$'\n\n'map_vs_map_async_plain: *}" = "$plain" ]
    [[ "$output" == *$'\nitems 0 to 1, ForkPoolWorker-'*' ms'* ]]
}

@test "a job of 10 items is 10 chunks of one item, of 100,000 are 16 by default" {
    trace map_vs_map_async  # two jobs
    for item in 0 1 2 3 4 5 6 7 8 9; do
        [ "$(grep -cP "^box\t$item\t$((item + 1))\t" "$table")" -eq 2 ]
    done
    [ "$(grep -c '^box' "$table")" -eq 20 ]
    grep -q '^# title: [a-z_]*: 20 chunks done by ' "$table"
    trace map_vs_map_async_pointer
    [ "$(grep -c '^box' "$table")" -eq 32 ]
    [ "$(grep '^box' "$table" | awk '{ sum += $3 - $2 } END { printf "%d", sum }')" -eq 200000 ]
}

@test "the chunk of a worker that was killed is not done, and no other is" {
    trace worker_lost
    [ "$(grep -c '^box' "$table")" -eq 11 ]
    [ "$(awk '$1 == "box" && $6 == 7 { print $2, $3 }' "$table")" = "6 7" ]
    grep -qE '^# title: [a-z_]*: 10 chunks done by [1-4] workers, and 1 not done$' "$table"
}

@test "three processes are inside a semaphore at once, and never more" {
    trace semaphore
    grep -qx '# title: semaphore: At most 3 of 6 processes at once had what they waited for' "$table"
    # The wide boxes are the semaphore's: who waits for it has colour 6.
    [ "$(awk '$1 == "box" && $6 != 6 && $5 - $4 > 0.5 { print $2, 1; print $3, -1 }' "$table" |
         sort -g -k1,1 -k2,2 | awk '{ n += $2; if (n > most) most = n } END { print most }')" = 3 ]
}

@test "a lock has one owner at a time, also where one is killed" {
    for program in lock lock_killed; do
        trace $program
        grep -q '^# title: [a-z_]*: At most 1 of ' "$table"
    done
}

@test "the level of a buffer is what was produced and not consumed" {
    trace condition
    awk '$1 == "level" { if ($3 < 0 || $3 > 3 || ($3 - last) ^ 2 != 1) exit 1; last = $3; n++ }
         END { if (last != 0 || n != 20) exit 1 }' "$table"
}

@test "threads without a lock are shown by CPU, those of Python too" {
    trace sum
    for table in "$table" build/views/trace-sum-python.tsv; do
        grep -q '^# title: [a-z_-]*: While any ran, processes had [0-9.]* CPUs, threads had [0-9.]* CPUs$' "$table"
        [ "$(awk '$1 == "box" { print $6 }' "$table" | sort -u | wc -l)" -eq 3 ]
    done
}

@test "where there is nothing to draw, one line says so, and which lessons have it" {
    trace hello
    [[ "${lines[1]}" == "hello has no pool and no lock, and no thread that runs long. Lessons 10, "* ]]
    [ "${#lines[@]}" -eq 2 ]
    trace cluster
    [[ "$output" == "cluster runs under mpirun, which is not traced. Lessons 10, "* ]]
}

@test "a trace has four pictures" {
    command -v gnuplot > /dev/null || skip "no gnuplot"
    for name in map_vs_map_async_plain condition; do  # a board; rows, and a level
        rm -f build/views/trace-$name-*
        $LIMIT make -s trace-$name
        [ "$(grep -l '</svg>' build/views/trace-$name-{light,dark}.svg | wc -l)" -eq 2 ]
        [ "$(grep -al 'IEND' build/views/trace-$name-{light,dark}.png | wc -l)" -eq 2 ]
    done
}
