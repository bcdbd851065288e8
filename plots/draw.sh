# draw.sh - draws pictures: sh plots/draw.sh DATA PICTURES NAME...
#
# For each NAME, plots/NAME.gp turns DATA/NAME.summary.tsv into four pictures,
# PICTURES/NAME-light.svg, -dark.svg, -light.png and -dark.png, and into text
# on the standard output. Run it from the top of the repository.

if [ $# -lt 3 ]; then
    echo 'usage: sh plots/draw.sh DATA PICTURES NAME...' >&2
    exit 2
fi
data=$1
pictures=$2
shift 2

if ! command -v gnuplot >/dev/null; then
    echo 'There is no gnuplot, so there are no pictures: install the package gnuplot-nox, or type make deps.'
    exit 0
fi

# A picture is drawn under another name and renamed: nobody sees half of one.
draw() {
    gnuplot -e "data='$1'; fmt='$2'; theme='$3'; out='$4.new'" "$5" &&
        mv -f "$4.new" "$4"
}

# The four of one NAME, side by side. Fails if one of them does.
draw_all() {
    jobs=
    for theme in light dark; do
        for fmt in svg png; do
            draw "$2" "$fmt" "$theme" \
                "$pictures/$1-$theme.$fmt" "plots/$1.gp" &
            jobs="$jobs $!"
        done
    done
    status=0
    for job in $jobs; do
        wait "$job" || status=1
    done
    return "$status"
}

mkdir -p "$pictures" || exit
for name in "$@"; do
    summary=$data/$name.summary.tsv
    if [ ! -r "$summary" ]; then
        echo "draw.sh: there is no $summary" >&2
        exit 1
    fi
    draw_all "$name" "$summary" || exit
    sed -n 's/^# verdict_[12]: \(.\)/    \1/p' "$summary"
    gnuplot -e "data='$summary'; fmt='text'" "plots/$name.gp" || exit
    echo "Pictures: $pictures/$name-light.svg, -dark.svg, -light.png, -dark.png"
done
