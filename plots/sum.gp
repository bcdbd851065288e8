# sum.gp - the time of three sums against n, by one process, by three, and by
# three threads, in C and in Python. Both axes are logarithmic: where two curves
# cross, the faster one changes.

load 'plots/style.gp'
array NAME[6] = ['C, one process', 'C, three processes', 'C, three threads', 'Python, one process', 'Python, three processes', 'Python, three threads']
array LINE[6] = [1, 2, 3, 5, 6, 7]
Y(i, n, ns) = ns

set xlabel 'n, numbers to add (three times)'
set ylabel 'time, from start to result'
set xtics ('10³' 1e3, '10⁴' 1e4, '10⁵' 1e5, '10⁶' 1e6, '10⁷' 1e7, '10⁸' 1e8, '10⁹' 1e9)
set ytics @TIME_TICS
@LONG_KEY
if (text) { set key bottom right }

# One process takes a x. Three take b for their starts, and then c x.
one(x) = a * x
three(x) = b + c * x
a = 1; b = 3e5; c = 0.5
set fit quiet logfile '/dev/null'
fit log(one(x)) MODE(NAME[1]) using 2:(log($5)) via a
fit log(three(x)) MODE(NAME[2]) using 2:(log($5)) via b, c
EXTRA = "one(x) with lines dt 3 lw 1.2 lc rgb ORANGE notitle, three(x) with lines dt 3 lw 1.2 lc rgb BLUE notitle, "
if (!text) { set label 1 sprintf('fit: %s for the starts, then %.1f times as fast', TIME(b), a / c) at graph 0.98, graph 0.06 right textcolor rgb MUTE }
if (FACT('even_1') ne '') {
    even = real(FACT('even_1'))
    set arrow 1 from even, graph 0.12 to even, graph 1 nohead dt 2 lw 1.2 lc rgb MUTE
    EXTRA = EXTRA."NaN with lines dt 2 lw 1.2 lc rgb MUTE title 'break-even (C)', "
}
load 'plots/curves.gp'
