# map.gp - what one item of a map costs, against their number: a pool in its
# three kinds of memory, two maps by hand, OpenMP, a loop, and Python. Both axes are logarithmic.

H = 540
load 'plots/style.gp'

MODE(name) = sprintf("< grep '^%s\t' '%s'", name, data)
HAS(name) = system(sprintf("grep -c '^%s\t' '%s'", name, data)) + 0 > 0

# The most that ours may take, by bench/README.md: so many times another mode,
# from one million items on.
MOST(name, factor) = sprintf("< grep '^%s\t' '%s' | awk -F '\t' '$2 >= 1000000 { print $2 \"\t\" $5 * %g }'", name, data, factor)

set logscale xy
set xtics ('1000' 1e3, '10 thousand' 1e4, '100 thousand' 1e5, '1 million' 1e6, '10 million' 1e7, '100 million' 1e8)
set ytics ('0.1 ns' 0.1, '1 ns' 1, '10 ns' 10, '100 ns' 100, '1 µs' 1e3, '10 µs' 1e4)
largest = real(FACT('largest'))
smallest = system(sprintf("grep -v '^#' '%s' | tail -n +2 | cut -f 2 | sort -n | head -n 1", data)) + 0
stats sprintf("< grep -v '^#' '%s' | tail -n +2", data) using ($4/$2) name 'LOW' nooutput
stats sprintf("< grep -v '^#' '%s' | tail -n +2", data) using ($6/$2) name 'HIGH' nooutput
set xrange [smallest / 1.6:largest * 1.6]
set yrange [LOW_min / 1.6:HIGH_max * 1.6]
set xlabel 'items of a map'
set ylabel 'time for one item'

# A colour is who maps, a kind of line is which memory: full where it is shared
# and warm, broken where it is ordinary, dotted where it is shared and untouched.
set style line 1 lc rgb C_MANY    lw 1.8 pt 5 ps 0.8
set style line 2 lc rgb C_MANY    lw 1.8 pt 7 ps 0.8 dt 4
set style line 3 lc rgb C_MANY    lw 1.8 pt 9 ps 0.9 dt 3
set style line 4 lc rgb C_PY_MANY lw 1.4 pt 2 ps 0.8
set style line 5 lc rgb C_PY_MANY lw 1.4 pt 6 ps 0.8 dt 4
set style line 6 lc rgb MUTE      lw 1.4 pt 12 ps 0.8
set style line 7 lc rgb C_ONE     lw 1.8 pt 4 ps 0.8
set style line 8 lc rgb C_ONE     lw 1.8 pt 8 ps 0.9 dt 3
set style line 9 lc rgb C_PY_ONE  lw 1.8 pt 13 ps 0.9

array NAME[9] = ['mp map, warm', 'mp map, ordinary', 'mp map, untouched', 'raw futex', 'raw pipe', 'loop', 'OpenMP, warm', 'OpenMP, untouched', 'Python map']
array TITLE[9] = ['pool, warm', 'pool, ordinary', 'pool, untouched', 'by hand, futex, warm', 'by hand, pipe', 'loop, one process', 'OpenMP, warm', 'OpenMP, untouched', 'Python']
array LETTER[9] = ['m', 'c', 'u', 'f', 'i', 'l', 'o', 'p', 'P']
array BASE[3] = ['OpenMP, warm', 'Python map', 'OpenMP, untouched']
array FACTOR[3] = [1.15, 1 / 75.0, 1.5]

drawn = ''
do for [i=1:9] { if (HAS(NAME[i])) { drawn = drawn.sprintf(' %d', i) } }
bars = ''
do for [i=1:3] { if (system(MOST(BASE[i], 1)[2:].' | wc -l') > 0) { bars = bars.sprintf(' %d', i) } }

if (text) {
    set key at graph 0.98, graph 0.75 right top Left reverse
    plot for [i in drawn] MODE(NAME[int(i)]) using 2:($5/$2) with points pt LETTER[int(i)] title TITLE[int(i)]
    exit
}

# A bar is a short line beside the dot, in the colour of all bars.
WIDE = 1.12
set tmargin at screen BELOW_TOP(140)
set key at screen 0.02, screen BELOW_TOP(95) left center vertical Left reverse maxrows 3
CURVES = "for [i in drawn] MODE(NAME[int(i)]) using 2:($5/$2):($4/$2):($6/$2) with yerrorbars ls int(i) dt 1 notitle, for [i in drawn] MODE(NAME[int(i)]) using 2:($5/$2) with linespoints ls int(i) title TITLE[int(i)]"
if (bars eq '') { plot @CURVES
} else {
    plot @CURVES, \
         for [i in bars] MOST(BASE[int(i)], FACTOR[int(i)]) using 1:($2/$1):($1/WIDE):($1*WIDE) with xerrorbars pt 7 ps 0 lw 2.5 lc rgb MUTE notitle, \
         NaN with lines lw 2.5 lc rgb MUTE title 'the most it may take'
}
