#!/usr/bin/env bats
# lessons/NOTES.md: each mistake of the notes has a command, and the command
# prints what stands under it.

bats_require_minimum_version 1.5.0

setup() {
    page=lessons/NOTES.md
}

# Runs the commands of section $1 of a page.
section() {
    python3 -B tests/shown.py "$page" "$1"
}

# Whether command $1 prints all other lines.
row() {
    printf '## row\n\n    $ %s\n' "$1" > "$BATS_TEST_TMPDIR/row"
    shift
    printf '    %s\n' "$@" >> "$BATS_TEST_TMPDIR/row"
    python3 -B tests/shown.py "$BATS_TEST_TMPDIR/row" row
}

@test "each of the 36 mistakes has a command, and each command what it prints" {
    awk '/^\*\*/ { mistakes++ }
         /^    \$ / { commands++; asked = 1; next }
         /^    / { printed += asked; asked = 0 }
         END { exit mistakes != 36 || commands != 36 || printed != 36 }' "$page"
}

@test "each lesson that the page names is there" {
    links=$(grep -oE '\]\([^)]*\)' "$page" | tr -d '])(')
    [ -n "$links" ]
    for link in $links; do [ -f "lessons/$link" ] || { echo "$link"; false; }; done
}

@test "the commands of S0 print what stands under them" { section S0; }
@test "the commands of S1 print what stands under them" { section S1; }
@test "the commands of S2 print what stands under them" { section S2; }
@test "the commands of S3 print what stands under them" { section S3; }
@test "the commands of S4 print what stands under them" { section S4; }

@test "a row that prints something else, or two pids for one, or leaves a process, is found" {
    row 'echo 12, 12' '<number>, <number>'
    row 'echo "in 7"; echo "by 7"' 'in <pid>' 'by <pid>'
    run -1 row 'echo 12' '13'
    run -1 row 'echo aab' 'a+b'
    row 'echo "in 7"; echo "by 8"' 'in <pid:a>' 'by <pid:b>'
    run -1 row 'echo "in 7"; echo "by 8"' 'in <pid>' 'by <pid>'
    run -1 row 'echo "in 7"; echo "by 7"' 'in <pid:a>' 'by <pid:b>'
    run -1 row 'echo a; echo b' b a
    run -1 row 'sleep 1000 > /dev/null 2>&1 & echo a' a
    page="$BATS_TEST_TMPDIR/page"
    printf '## S0\n\n    $ echo yes\n    no\n\n## S1\n\n    $ echo yes\n    yes\n' > "$page"
    run -1 section S0
    section S1
    run -1 section S2
}
