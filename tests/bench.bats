#!/usr/bin/env bats
#
# What summary.awk computes from samples, what each question writes, and the
# pictures. Nothing here asks how long anything took. B is the build folder.

bats_require_minimum_version 1.5.0

setup() {
    B=${B:-build/cc}
    raw=$BATS_TEST_TMPDIR/raw.tsv
    made=$BATS_TEST_TMPDIR/raw.summary.tsv
    sentences=$BATS_TEST_TMPDIR/sentences.txt
    export BENCH_OPENMP=$B/bench/peers/openmp
    export BENCH_TINY=1  # two sizes, three rounds
}

questions() { basename -s .gp $(grep -l "^load 'plots/style.gp'" plots/*.gp); }

# raw_file [FACT...] < "round mode n ns" with commas: a file as bench.c has it.
raw_file() {
    lines=$(tr ',' '\t')
    {
        echo '# question: test'
        printf '# %s\n' 'asks: What?' 'usable_cpus: 2' "$@"
        printf 'round\tmode\tn\tnanoseconds\n'
        echo "$lines"
        echo "# samples: $(echo "$lines" | wc -l)"
        echo '# others: 0.00'
    } > "$raw"
}

# summary SENTENCE: sums up what raw_file has made.
summary() {
    echo "test: $1" > "$sentences"
    run --separate-stderr env LC_ALL=C timeout 10 \
        awk -f bench/summary.awk -v out="$made" "$sentences" "$raw"
}

# title_is SENTENCE TITLE
title_is() {
    summary "$1"
    [ "$status" -eq 0 ]
    [ "$(sed -n 's/^# title: //p' "$made")" = "$2" ] || { cat "$made"; false; }
}

# of MODE N NS...: its rounds from 1 on.
of() {
    local round=1 mode=$1 n=$2
    shift 2
    for ns in "$@"; do
        echo "$round,$mode,$n,$ns"
        round=$((round + 1))
    done
}

@test "quartiles are interpolated linearly" {
    of a 7 40 10 30 20 | raw_file
    summary '{time a}'
    [ "$(tail -n 1 "$made")" = $'a\t7\t4\t17.5\t25.0\t32.5' ]
}

@test "ratios are of one round each" {
    { of a 7 100 2000 50; of b 7 200 4000 100 1; } | raw_file
    title_is 'b takes {b / a} as long' 'B takes about 2.0 times (2.0 to 2.0) as long'
}

@test "what the control is off widens the interval, and does not veto" {
    { of a 7 100 100 100; of b 7 1400 1400 1400; of 'a again' 7 110 110 110; } | raw_file
    title_is '{b / a}' 'About 14 times (13 to 15)'
}

@test "where 1 is in the interval there is no clear winner" {
    { of a 7 100 100 100; of b 7 80 110 120; } | raw_file
    title_is '{b / a}' '0.95 to 1.15 times (no clear winner)'
}

@test "where the interval says nothing, the title says what to do" {
    { of a 7 100 100 100; of b 7 20 100 900; } | raw_file
    title_is '{b / a}' 'An unclear 0.60 to 5.0 times (close other programs, or measure with FULL=1)'
}

@test "two sizes of one mode are compared; the default, the best, enough" {
    { of a 1 100; of a 2 50; of a 4 49; of a 8 80; } | raw_file 'default of a: 8'
    title_is '{a @max / a @min}' 'About 0.80 times (0.80 to 0.80)'
    title_is '{a @default / a @best}' 'About 1.63 times (1.63 to 1.63)'
    title_is '{n a @enough} of {n a @best}' '2 of 4'
}

@test "a part whose row is absent is left out, and its head stays" {
    of a 7 1500 | raw_file
    title_is 'Times: b {b / a}; a {time a}; c {time c}' 'Times: a 1.5 µs (1.5 µs to 1.5 µs)'
    title_is '{b / a}' 'What?'
}

# ratios_at RATIO...: a takes 1000, and b so much at n = 10^3, 10^4, ..
ratios_at() {
    n=1000
    for ratio in "$@"; do
        of a $n 1000 1000 1000
        of b $n "$ratio" "$ratio" "$ratio"
        n=$((n * 10))
    done
}

@test "the break-even lies where the ratio crosses 1, on logarithmic scales" {
    ratios_at 2000 2000 500 | raw_file
    title_is 'b is faster {b beats a}' \
        'B is faster from about 32 thousand on (32 thousand to 32 thousand)'
    grep -q '^# even_1: 31622' "$made"
}

@test "one odd size does not move the break-even" {
    ratios_at 2000 500 1100 500 | raw_file
    title_is '{b beats a}' 'From about 3200 on (3200 to 3200)'
}

@test "no crossing, or one before the first size, is said to be so" {
    ratios_at 2000 1500 | raw_file
    title_is '{b beats a}' 'At no n up to 10 thousand'
    ratios_at 500 400 | raw_file
    title_is '{b beats a}' 'At every n from 1000 on'
}

@test "what the control is off widens the range of the break-even" {
    { ratios_at 4000 250; of 'a again' 1000 2000 2000 2000
      of 'a again' 10000 2000 2000 2000; } | raw_file
    title_is '{b beats a}' 'From about 3200 on (1800 to 5600)'
}

@test "where the control leaves it open, a break-even is said to be perhaps one" {
    { ratios_at 2000 900; of 'a again' 10000 800 800 800; } | raw_file
    title_is '{b beats a}' 'Perhaps from about 7400 on (4800 to above 10 thousand)'
}

refused() {
    summary '{time a}'
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"$1"* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ ! -e "$made" ]
}

@test "samples that are cut short, garbage or of no question are refused" {
    of a 7 40 10 | raw_file
    cp "$raw" "$raw.whole"
    sed '/^1/d' "$raw.whole" > "$raw"
    refused 'cut short'
    sed '$d' "$raw.whole" > "$raw"
    refused 'cut short'
    sed 's/^2.*/2\ta\t7/' "$raw.whole" > "$raw"
    refused 'line 6 is no sample'
    sed 's/test/else/' "$raw.whole" > "$raw"
    refused "nothing on 'else'"
    : > "$raw"
    refused 'cut short'
}

@test "wrong arguments get the usage, a folder that is not there a sentence" {
    run "$B/bench/start" slow "$raw"
    [ "$status" -eq 2 ]
    [ "$output" = 'usage: start quick|normal|full FILE' ]
    run timeout 60 "$B/bench/start" quick "$BATS_TEST_TMPDIR/no/raw.tsv"
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = "start: $BATS_TEST_TMPDIR/no/raw.tsv.new: No such file or directory" ]
}

# Waits until no process has this in its environment: Python's helpers end a
# moment after their program.
ended() {
    for _ in $(seq 100); do
        [ -n "$(grep -lsa "$1" /proc/[0-9]*/environ)" ] || return 0
        sleep 0.1
    done
    return 1
}

@test "each question writes samples, which get a title and pictures, and ends all that it started" {
    for question in $(questions); do
        mark=bats-$$-$question-$RANDOM
        MARK=$mark timeout 60 "$B/bench/$question" quick "$BATS_TEST_TMPDIR/$question.tsv" 2>/dev/null
        ended "MARK=$mark"
        for fact in asks effort usable_cpus kernel compiler flags commit date samples others; do
            grep -q "^# $fact: ." "$BATS_TEST_TMPDIR/$question.tsv"
        done
        made=$BATS_TEST_TMPDIR/$question.summary.tsv
        LC_ALL=C awk -f bench/summary.awk -v out="$made" bench/sentences.txt \
            "$BATS_TEST_TMPDIR/$question.tsv"
        grep -q '^# title: .' "$made"
        run sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/plots" "$question"
        [ "$status" -eq 0 ]
        [[ "$output" == *"$(sed -n 's/^# title: //p' "$made")"*"Pictures: "* ]]
        [ "$(ls "$BATS_TEST_TMPDIR/plots/$question"-* | wc -l)" -eq 4 ]
    done
    # With one CPU there is no law to fit.
    sed -i 's/^# cpus: .*/# cpus: 1/' "$BATS_TEST_TMPDIR/speedup.summary.tsv"
    sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/plots" speedup
    # A point of size 0 is drawn as this, which some viewers refuse.
    ! grep -l 'scale(0.00)' "$BATS_TEST_TMPDIR"/plots/*.svg
}

@test "on one CPU nothing is measured on two, and the titles do without" {
    command -v taskset >/dev/null || skip 'there is no taskset'
    cpu=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
    timeout 60 taskset -c "$cpu" "$B/bench/queue" quick "$raw" 2>/dev/null
    grep -q '^# remark: one usable CPU' "$raw"
    grep -q $'\tmp queue again\t' "$raw"
    run -1 grep -q '2 CPUs' "$raw"
    LC_ALL=C awk -f bench/summary.awk -v out="$made" bench/sentences.txt "$raw"
    grep -q '^# title: By a Queue 64 bytes take .* on one CPU$' "$made"
}

@test "bench and plots together have at most 3,200 lines" {
    [ "$(find bench plots -type f -exec cat {} + | wc -l)" -le 3200 ]
}

@test "each row that a sentence names is a mode of its question" {
    for question in $(questions); do
        sed -n "s/^$question: //p" bench/sentences.txt | grep -o '{[^}]*}' | tr -d '{}' |
            sed 's/^n //; s/^time //; s: / :\n:g; s: beats :\n:g' | sed 's/ @.*//; s/, 2 CPUs$//' |
            sort -u | while read -r mode; do
                grep -qF ".name = \"$mode\"" "bench/$question.c" || { echo "$question: $mode"; exit 1; }
            done
    done
}

@test "in a quick run, sum grows until a run takes long" {
    unset BENCH_TINY
    timeout 120 "$B/bench/sum" quick "$raw" 2>/dev/null
    [ "$(awk -F '\t' '$2 == "C, three processes" && $3 > n { n = $3 } END { print n }' "$raw")" -ge 1000000 ]
}

@test "what other programs use of the CPUs is counted" {
    timeout "$(python3 tests/patience.py 60)" sh -c 'while :; do :; done' &
    busy=$!
    "$B/bench/methods" quick "$raw" 2>/dev/null
    kill $busy
    awk '/^# others: / { exit !($3 > 0.2) }' "$raw"
}

@test "without python3 one line says so, and C is measured" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    program=$(realpath "$B/bench/start")
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" "$program" quick "$raw"
    [ "$status" -eq 0 ]
    [ "${stderr_lines[1]}" = 'start: there is no python3, so Python is left out (package python3)' ]
    [ "${#stderr_lines[@]}" -eq 2 ]
    grep -q 'Process' "$raw"
    ! grep -q 'Python' "$raw"
}

@test "without OpenMP one line says so; a peer that ends early is an error" {
    run --separate-stderr env BENCH_OPENMP=/dev/null "$B/bench/map" quick "$raw"
    [ "$status" -eq 0 ]
    [[ "$stderr" == *'map: this compiler has no OpenMP (-fopenmp), so it is left out'* ]]
    grep -q 'shared memory' "$raw"
    run -1 grep -q $'\tOpenMP\t' "$raw"
    rm "$raw"
    printf '#!/bin/sh\necho OpenMP 0\n' > "$BATS_TEST_TMPDIR/short"
    chmod +x "$BATS_TEST_TMPDIR/short"
    run --separate-stderr env BENCH_OPENMP="$BATS_TEST_TMPDIR/short" "$B/bench/map" quick "$raw"
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"short gave no answer"* ]]
    [ ! -e "$raw" ]
}

@test "without gnuplot there are sentences, and one line that says what to install" {
    of a 7 40 | raw_file
    title_is 'a takes {time a}' 'A takes 40 ns (40 ns to 40 ns)'
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v sh)" "$(command -v sed)" "$BATS_TEST_TMPDIR/bin/"
    PATH=$BATS_TEST_TMPDIR/bin run sh plots/draw.sh "$BATS_TEST_TMPDIR" pictures raw
    [ "$status" -eq 0 ]
    [ "${lines[1]}" = '    A takes 40 ns (40 ns to 40 ns)' ]
    [[ "${lines[2]}" == *gnuplot-nox* ]]
    [ "${#lines[@]}" -eq 3 ]
}

@test "make measures one question, draws it, and draws it again" {
    make() { command make --no-print-directory DATA="$BATS_TEST_TMPDIR/data" \
                          PICTURES="$BATS_TEST_TMPDIR/pictures" "$@"; }
    run make plots
    [ "$status" -ne 0 ]
    [[ "$output" == *'Type make bench, or make bench QUICK=1.'* ]]
    run make bench-start QUICK=1
    [ "$status" -eq 0 ]
    [[ "$output" == *'A Process takes '* ]]
    rm "$BATS_TEST_TMPDIR"/pictures/*
    run make plots
    [ "$status" -eq 0 ]
    [ "$(ls "$BATS_TEST_TMPDIR/pictures" | wc -l)" -eq 4 ]
    run make bench-nothing
    [ "$status" -ne 0 ]
    [[ "$output" == *"There is no question 'nothing'. There are: apply "* ]]
}

@test "a copy of methods is a question of its own, as bench/README.md says" {
    mkdir -p "$BATS_TEST_TMPDIR/build/cc"
    cp -a Makefile bench plots common lessons "$BATS_TEST_TMPDIR"
    cp -a build/cc/{flags,optional,optional.a,common,bench} "$BATS_TEST_TMPDIR/build/cc"
    cd "$BATS_TEST_TMPDIR"
    sed 's/"methods"/"mine"/' bench/methods.c > bench/mine.c
    cp plots/methods.gp plots/mine.gp
    echo 'mine: A new image takes {posix_spawn / bare fork} as long' >> bench/sentences.txt
    run make --no-print-directory bench-mine QUICK=1
    [ "$status" -eq 0 ]
    [[ "$output" == *'A new image takes '*' times '*'Pictures: build/plots/mine-'* ]]
}

@test "the compiler has left the loops of adding and chunksize loops" {
    command -v objdump >/dev/null || skip 'there is no objdump'
    case $(uname -m) in x86_64|aarch64) ;; *) skip 'unknown machine code' ;; esac
    for loop in adding:sum chunksize:spin; do
        # A jump to an address before its own, within the function.
        found=
        while read -r address jump target _; do
            case $jump in
            j*|b.*|cbnz|tbnz) [ $((0x${target##*,})) -lt $((0x${address%:})) ] && found=yes ;;
            esac
        done < <(objdump -d --no-show-raw-insn "$B/bench/${loop%:*}.o" |
            awk -v name="<${loop#*:}>:" '$2 == name { on = 1; next } /^$/ { on = 0 } on')
        [ "$found" = yes ]
    done
}
