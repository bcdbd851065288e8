# curves.gp - draws the modes of the array NAME against n, for the pictures that
# have curves. LINE has the line style of each. Y(i, n, ns) is the height of mode
# i. EXTRA is drawn before them: a list of plots that ends with a comma. Both
# axes are logarithmic, unless LOGARITHMIC is 0.

if (!exists("EXTRA")) EXTRA = ''
if (!exists("LOGARITHMIC")) LOGARITHMIC = 1

drawn = ''
do for [i=1:|NAME|] { if (HAS(NAME[i])) { drawn = drawn.sprintf(' %d', i) } }

# With room at both sides of the smallest and the largest n.
if (LOGARITHMIC) {
    set logscale xy
    stats MODE(NAME[1]) using 2 name 'N' nooutput
    set xrange [N_min / 1.5:N_max * 1.5]
}

set style line 1 lc rgb ORANGE lw 1.8 pt 7 ps 0.8
set style line 2 lc rgb BLUE   lw 1.8 pt 5 ps 0.8
set style line 3 lc rgb GREEN  lw 1.8 pt 9 ps 0.9
set style line 4 lc rgb PINK   lw 1.8 pt 11 ps 0.9
set style line 5 lc rgb ORANGE lw 1.4 pt 6 ps 0.8 dt 4
set style line 6 lc rgb BLUE   lw 1.4 pt 4 ps 0.8 dt 4
set style line 7 lc rgb GREEN  lw 1.4 pt 8 ps 0.9 dt 4

if (text) {
    plot for [i in drawn] MODE(NAME[int(i)]) using 2:(Y(int(i), $2, $5)) with points title NAME[int(i)]
} else {
    plot @EXTRA for [i in drawn] MODE(NAME[int(i)]) using 2:(Y(int(i), $2, $5)):(Y(int(i), $2, $4)):(Y(int(i), $2, $6)) with yerrorbars ls LINE[int(i)] dt 1 notitle, \
         for [i in drawn] MODE(NAME[int(i)]) using 2:(Y(int(i), $2, $5)) with linespoints ls LINE[int(i)] title NAME[int(i)]
}
