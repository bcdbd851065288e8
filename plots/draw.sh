# draw.sh - draws pictures: sh plots/draw.sh DATA PICTURES NAME...
#
# For each NAME, plots/NAME.gp turns DATA/NAME.summary.tsv into four pictures,
# PICTURES/NAME-light.svg, -dark.svg, -light.png and -dark.png, and into text
# on the standard output, below the sentences. Run it from the top of the
# repository.

data=$1
pictures=$2
shift 2

# What the samples say, with or without pictures.
say() {
    echo "$1:"
    sed -nE 's/^# (title|subtitle|more|note): /    /p' "$data/$1.summary.tsv"
}

if ! command -v gnuplot >/dev/null; then
    for name in "$@"; do say "$name"; done
    echo 'There is no gnuplot, so there are no pictures: install the package gnuplot-nox, or type make deps.'
    exit 0
fi

# A picture is drawn under another name and then renamed, so that nobody sees
# half of one.
draw() {
    picture=$pictures/$1-$3.$2
    gnuplot -e "data='$data/$1.summary.tsv'; fmt='$2'; theme='$3'; out='$picture.new'" \
        "plots/$1.gp" && mv -f "$picture.new" "$picture"
}

mkdir -p "$pictures" || exit
for name in "$@"; do
    draw "$name" svg light && draw "$name" svg dark &&
        draw "$name" png light && draw "$name" png dark || exit
    say "$name"
    gnuplot -e "data='$data/$name.summary.tsv'; fmt='text'" "plots/$name.gp" || exit
    echo "Pictures: $pictures/$name-light.svg, -dark.svg, -light.png, -dark.png"
done
