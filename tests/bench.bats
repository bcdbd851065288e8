#!/usr/bin/env bats
#
# The harness, its statistics, its verdicts and its pictures. Nothing here asks
# how long anything took. B is the build folder.

bats_require_minimum_version 1.5.0

setup() {
    B=${B:-build/cc}
    raw=$BATS_TEST_TMPDIR/raw.tsv
    made=$BATS_TEST_TMPDIR/raw.summary.tsv
}

# raw_file [FACT...] < "round mode n ns" with commas: a file as raw.h has it.
raw_file() {
    lines=$(tr ',' '\t')
    {
        echo '# question: test'
        for fact in "$@"; do echo "# $fact"; done
        echo "# samples: $(echo "$lines" | wc -l)"
        printf 'round\tmode\tn\tnanoseconds\n'
        echo "$lines"
    } > "$raw"
}

summary() {
    run --separate-stderr timeout 10 "$B/bench/summary" "$raw" "$made"
}

# refused SENTENCE: status 1, this alone on stderr, and no file.
refused() {
    summary
    [ "$status" -eq 1 ]
    [ "$stderr" = "summary: $1" ]
    [ ! -e "$made" ]
}

# fact KEY: from the summary.
fact() { sed -n "s/^# $1: //p" "$made"; }

# ratio_rows RATIO...: modes a and b, whose ratios at n = 10^3, 10^4, .. are
# the given ones.
ratio_rows() {
    n=1000
    for ratio in "$@"; do
        for round in 1 2 3; do
            echo "$round,a,$n,1000"
            echo "$round,b,$n,$ratio"
        done
        n=$((n * 10))
    done
}

# ---- statistics -------------------------------------------------------------

@test "quartiles are interpolated linearly" {
    printf '%s\n' 1,a,7,40 2,a,7,10 3,a,7,30 4,a,7,20 | raw_file
    summary
    [ "$status" -eq 0 ]
    [ "$(tail -n 1 "$made")" = $'a\t7\t4\t17.5\t25.0\t32.5' ]
}

@test "one sample is its own median and quartiles" {
    echo 1,a,7,40 | raw_file
    summary
    [ "$(tail -n 1 "$made")" = $'a\t7\t1\t40.0\t40.0\t40.0' ]
}

@test "ratios are paired by round" {
    printf '%s\n' 1,a,7,100 1,b,7,200 2,b,7,4000 2,a,7,2000 3,a,7,50 \
        3,b,7,100 4,a,7,1 | raw_file 'compare: b | a | '
    summary
    [[ "$output" == *"2.00 (2.00 to 2.00)"* ]]
    [ "$(fact verdict_1)" = 'b takes 2.00 times as long as a' ]
}

# ---- verdicts ---------------------------------------------------------------

@test "the break-even lies where the ratio crosses 1, on log scales" {
    # 2 and 0.5 are equally far from 1: half way from 10^4 to 10^5.
    ratio_rows 4000 2000 500 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win from n = 32 thousand' ]
    [ "$(fact break_even_1)" = 31623 ]
}

@test "after a dip the last crossing counts" {
    ratio_rows 2000 500 2000 500 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 316228 ]
}

@test "no crossing is said to be none" {
    ratio_rows 4000 2000 1000 |
        raw_file 'compare: b | a | Many win' 'usable_cpus: 1' 'load_before: 0.00'
    summary
    [ "$(fact verdict_1)" = 'Many win at no n up to 100 thousand (usable CPUs: 1, load before: 0.00)' ]
    [ -z "$(fact break_even_1)" ]
}

@test "faster everywhere is said to be so" {
    ratio_rows 900 800 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win at every n from 1000 on' ]
    [ -z "$(fact break_even_1)" ]
}

@test "no verdict rests on a size where the control is off" {
    {
        ratio_rows 4000 1020 500
        printf '%s\n' 1,c,10000,1021 2,c,10000,1021 3,c,10000,1021
        printf '%s\n' 1,c,1000,1019 2,c,1000,1019 3,c,1000,1019
    } | raw_file 'compare: b | a | Many win' 'control: c | a'
    summary
    [[ "$output" == *"not measurable here"* ]]
    [[ "$output" == *"disturbed at 1 of 3 sizes"* ]]
    [ "$(fact verdict_1)" = 'Many win from an n between 1000 and 100 thousand' ]
}

@test "where the control is off, a clear side still counts, but no number" {
    {
        ratio_rows 4000 2000 500
        printf '%s\n' 1,c,10000,1021 2,c,10000,1021 3,c,10000,1021
    } | raw_file 'compare: b | a | Many win' 'control: c | a'
    summary
    [[ "$output" == *"not measurable here, but slower"* ]]
    [ "$(fact verdict_1)" = 'Many win from an n between 10 thousand and 100 thousand' ]
}

@test "a single ratio is not stated where the control is off" {
    printf '%s\n' 1,a,7,1000 1,b,7,2000 1,c,7,1100 |
        raw_file 'compare: b | a | ' 'control: c | a'
    summary
    [ "$(fact verdict_1)" = 'b against a: not measurable here (A/A 1.100)' ]
}

# ---- files that cannot be read ----------------------------------------------

@test "a missing file is one sentence" {
    refused "cannot read $raw: No such file or directory"
}

@test "an empty file is one sentence" {
    : > "$raw"
    refused "$raw is empty"
}

@test "a directory is one sentence" {
    mkdir "$raw"
    summary
    [ "$status" -eq 1 ]
    [[ "$stderr" == "summary: "*"$raw"* ]]
}

@test "a file cut within a line names the line" {
    ratio_rows 2000 | raw_file
    head -c -3 "$raw" > "$raw.cut" && mv "$raw.cut" "$raw"
    refused "$raw, line 9: the line is cut short"
}

@test "a file cut between lines is noticed" {
    ratio_rows 2000 | raw_file
    sed -i '$d' "$raw"
    refused "$raw is cut short: it has 5 of 6 samples"
}

@test "a file cut within its facts is noticed" {
    ratio_rows 2000 | raw_file
    sed -i '2,$d' "$raw"
    refused "$raw does not say how many samples it has"
}

@test "garbage names the line" {
    for line in 'x' $'1\ta\t7' $'1\ta\t7\t-5' $'1\ta\t7\t0' $'1\ta\t7\t5\t5' \
        $'1\t\t7\t5' $'a\ta\t7\t5' $'1\ta\t7x\t5' $'1\ta\t7\t99999999999999999999'
    do
        echo 1,a,7,5 | raw_file
        sed -i '$d' "$raw"
        echo "$line" >> "$raw"
        refused "$raw, line 4: expected round, mode, n and nanoseconds"
    done
}

@test "bytes that are no text are refused" {
    head -c 5000 "$B/bench/summary" > "$raw"
    summary
    [ "$status" -eq 1 ]
    [ "$(echo "$stderr" | wc -l)" -eq 1 ]
    [ ! -e "$made" ]
}

@test "modes that share no round are refused" {
    printf '%s\n' 1,a,7,5 2,b,7,5 | raw_file 'compare: b | a | '
    refused "$raw: no round measured both 'b' and 'a'"
}

# ---- pictures ---------------------------------------------------------------

@test "pictures are drawn from a table alone, and say what the data say" {
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    raw=tests/data/sum.tsv
    made=$BATS_TEST_TMPDIR/sum.summary.tsv
    summary
    [ "$status" -eq 0 ]
    run timeout 60 sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/p" sum
    [ "$status" -eq 0 ]
    # The same number, by another way: the medians of five ratios at 10^5 and
    # 10^6, and the place between them where their logarithms cross 0.
    median() {
        awk -F'\t' -v n="$1" '$3 == n && $2 == "one process" { one[$1] = $4 }
            $3 == n && $2 == "three processes" { three[$1] = $4 }
            END { for (r in one) print three[r] / one[r] }' "$raw" |
            sort -g | sed -n 3p
    }
    words=$(awk -v a="$(median 100000)" -v b="$(median 1000000)" 'BEGIN {
        n = exp(log(100000) + log(a) / (log(a) - log(b)) * log(10))
        printf "%.0f thousand", n / 10000 }' | sed 's/ /0 /')
    sentence="Three processes win from n = $words"
    for theme in light dark; do
        grep -q "$sentence" "$BATS_TEST_TMPDIR/p/sum-$theme.svg"
        [ "$(head -c 4 "$BATS_TEST_TMPDIR/p/sum-$theme.png" | tail -c 3)" = PNG ]
    done
    [[ "$output" == *"$sentence"* ]]
    # Nothing in the text commands a terminal.
    [[ "$output" != *$'\033'* ]]
    [ "$(ls "$BATS_TEST_TMPDIR/p" | wc -l)" -eq 4 ]
}

@test "without gnuplot one line says what to install" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v sh)" "$BATS_TEST_TMPDIR/bin/sh"
    PATH=$BATS_TEST_TMPDIR/bin run sh plots/draw.sh data pictures sum
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *gnuplot-nox* ]]
}

# ---- the questions ----------------------------------------------------------

# Each is asked with tiny sizes: what it writes can be read and summed up.
well_formed() {
    run --separate-stderr timeout 60 "$B/bench/$1" tiny "$raw"
    [ "$status" -eq 0 ]
    [ -z "$(ls "$raw".* 2>/dev/null)" ]
    for key in question machine kernel compiler usable_cpus pinning commit \
        date effort; do
        [ "$(grep -c "^# $key: ." "$raw")" -eq 1 ]
    done
    summary
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ -n "$(fact verdict_1)" ]
}

@test "sum leaves a well-formed table" {
    well_formed sum
    [ "$(grep -c $'^[123]\tthree processes\t1000\t' "$raw")" -eq 3 ]
}

@test "start leaves a well-formed table" {
    well_formed start
    [ "$(grep -c $'^[123]\tmp start+join\t2\t' "$raw")" -eq 3 ]
    grep -q '^# pinning: CPU [0-9]' "$raw"
}

@test "without python3 one line says so, and C is measured" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    local program=$PWD/$B/bench/sum
    [ "${B#/}" = "$B" ] || program=$B/bench/sum
    run --separate-stderr timeout 60 env PATH="$BATS_TEST_TMPDIR/bin" \
        "$program" tiny "$raw"
    [ "$status" -eq 0 ]
    [[ "${stderr_lines[1]}" == *"there is no python3"* ]]
    [ "${#stderr_lines[@]}" -eq 2 ]
    grep -q $'\tthree processes\t' "$raw"
    ! grep -q Python "$raw"
}

@test "a folder that is not there is one sentence" {
    run timeout 60 "$B/bench/start" tiny "$BATS_TEST_TMPDIR/no/raw.tsv"
    [ "$status" -eq 1 ]
    [[ "$output" == *"cannot write"*"No such file or directory"* ]]
}

@test "wrong arguments get the usage" {
    for arguments in '' 'quick' 'fast x' 'quick x y'; do
        run "$B/bench/sum" $arguments
        [ "$status" -eq 2 ]
        [[ "$output" == usage:* ]]
    done
}

@test "the compiler has left the loop of sum a loop" {
    command -v objdump >/dev/null || skip 'there is no objdump'
    case $(uname -m) in x86_64|aarch64) ;; *) skip 'unknown machine code' ;; esac
    # A jump to an address before its own, within the function.
    found=
    while read -r address jump target _; do
        case $jump in
        j*|b.*|cbnz|tbnz) target=${target##*,}
            [ $((0x$target)) -lt $((0x${address%:})) ] && found=yes ;;
        esac
    done < <(objdump -d --no-show-raw-insn "$B/bench/sum.o" |
        awk '/^[0-9a-f]+ <sum>:$/ { on = 1; next } /^$/ { on = 0 } on')
    [ "$found" = yes ]
}
