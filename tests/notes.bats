#!/usr/bin/env bats
# lessons/NOTES.md: each mistake of the notes has a command, and the command
# prints what stands under it. A row whose command has python in it is left out
# where there is no python3.

bats_require_minimum_version 1.5.0

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS N MP_START_METHOD
    page=lessons/NOTES.md
}

# Whether a line of output $2 has in it what $1 says, where <number> stands for
# digits, and <pid> for a number that is the same in all lines of a row.
has() {
    local line regex
    regex=$(sed 's/[][().*+?^${}|\\]/\\&/g; s/<number>/[0-9.]+/g; s/<pid>/([0-9]+)/' <<< "$1")
    while IFS= read -r line; do
        [[ $line =~ $regex ]] || continue
        if [[ $1 == *"<pid>"* ]]; then
            [ "${pid:=${BASH_REMATCH[1]}}" = "${BASH_REMATCH[1]}" ] || continue
        fi
        return 0
    done <<< "$2"
    return 1
}

# Runs command $1, which must print all other arguments. Some rows measure: a
# busy moment is forgiven, three are not.
row() {
    local command="$1" printed missing attempt text pid
    shift
    if [[ $command == *python* ]] && ! command -v python3 > /dev/null; then return; fi
    if [[ $command == taskset* ]] && ! taskset -c 0 true; then return; fi
    for attempt in 1 2 3; do
        printed=$(timeout 120 sh -c "$command" 2>&1) || true
        missing=
        pid=
        for text; do
            has "$text" "$printed" || missing="$text"
        done
        [ -n "$missing" ] || return 0
    done
    printf '%s\nmust print: %s\nprinted:\n%s\n' "$command" "$missing" "$printed"
    return 1
}

# Runs the rows of section $1 of a page.
section() {
    local line lines=() rows=0
    while IFS= read -r line; do
        if [[ $line == "    "* ]]; then
            lines+=("${line#    }")
        elif [ ${#lines[@]} -gt 0 ]; then
            row "${lines[0]#\$ }" "${lines[@]:1}" || return 1
            lines=()
            rows=$((rows + 1))
        fi
    done < <(sed -n "/^## $1\$/,/^## /p" "$page"; echo)
    [ $rows -gt 0 ]
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

@test "a row that prints something else, or two pids for one, is found" {
    row 'echo 12, 12' '<number>, <number>'
    row 'echo "in 7"; echo "by 7"' 'in <pid>' 'by <pid>'
    run -1 row 'echo 12' '13'
    run -1 row 'echo aab' 'a+b'
    run -1 row 'echo "in 7"; echo "by 8"' 'in <pid>' 'by <pid>'
    page="$BATS_TEST_TMPDIR/page"
    printf '## S0\n\n    $ echo yes\n    no\n\n## S1\n\n    $ echo yes\n    yes\n' > "$page"
    run -1 section S0
    section S1
    run -1 section S2
}
