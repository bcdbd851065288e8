# sum.gp - time against n for one process, for three, and for three threads, in
# C and in Python.
# Both axes are logarithmic: where two curves cross, the faster one changes.

load 'plots/style.gp'

set logscale xy
set xlabel 'n, numbers to add (three times)'
set ylabel 'time, from start to result'
set xtics ('10³' 1e3, '10⁴' 1e4, '10⁵' 1e5, '10⁶' 1e6, '10⁷' 1e7, '10⁸' 1e8, '10⁹' 1e9)
set ytics ('100 ns' 1e2, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9, '10 s' 1e10, '100 s' 1e11)
if (text) set key at graph 0.98, graph 0.42 right top Left reverse
largest = real(FACT('largest'))
set xrange [600:largest * 1.6]
set yrange [200:*]

# The break-even of C is written below the curves, that of Python above them:
# there is room, if the text stands on the side of the line that is wider. Each
# line stops where it might cross the other's text.
# Where only a range is known, the title says which.
MARK(key) = FACT(key)[1:3] eq 'n =' ? FACT(key) : 'about here'
MIDDLE = sqrt(600 * largest * 1.6)
if (FACT('break_even_1') ne '') {
    even = real(FACT('break_even_1'))
    set arrow 1 from even, graph 0 to even, graph 0.9 nohead dt 2 lw 1.2 lc rgb MUTE
    words = '  break-even: '.MARK('from_1').'  '
    # A second line says what the fit says.
    fit = FACT('fit_1') eq '' ? '' : '  '.FACT('fit_1').'  '
    if (even < 8 * MIDDLE) { set label 1 words at even, graph 0.11 left textcolor rgb MUTE
        set label 3 fit at even, graph 0.05 left font F_SECOND textcolor rgb MUTE
    } else { set label 1 words at even, graph 0.11 right textcolor rgb MUTE
        set label 3 fit at even, graph 0.05 right font F_SECOND textcolor rgb MUTE }
}
if (!text && FACT('break_even_2') ne '') {
    even = real(FACT('break_even_2'))
    set arrow 2 from even, graph 0.1 to even, graph 1 nohead dt 3 lw 1.2 lc rgb MUTE
    words = ' Python: '.MARK('from_2').' '
    if (even < MIDDLE / 3) { set label 2 words at even, graph 0.95 left textcolor rgb MUTE
    } else { set label 2 words at even, graph 0.95 right textcolor rgb MUTE }
}

# Column 2 is n, 4 to 6 are the quartiles with the median between them.
MODE(name) = sprintf("< grep '^%s\t' '%s'", name, data)
HAS(name) = system(sprintf("grep -c '^%s\t' '%s'", name, data)) + 0 > 0

set style line 1 lc rgb C_ONE     lw 1.8 pt 7 ps 0.8
set style line 2 lc rgb C_MANY    lw 1.8 pt 5 ps 0.8
set style line 3 lc rgb C_PY_ONE  lw 1.6 pt 6 ps 0.9 dt 4
set style line 4 lc rgb C_PY_MANY lw 1.6 pt 4 ps 0.9 dt 4
set style line 5 lc rgb MUTE      lw 1.4 pt 9 ps 0.9 dt 3
set style line 6 lc rgb MUTE      lw 1.4 pt 8 ps 1.0 dt 3

array NAME[6] = ['one process', 'three processes', 'Python, one process', \
                 'Python, three processes', 'three threads', 'Python, three threads']
array TITLE[6] = ['C, one process', 'C, three', 'Python, one process', \
                  'Python, three', 'C, three threads', 'Python, three threads']
drawn = ''
do for [i=1:6] { if (HAS(NAME[i])) { drawn = drawn.' '.i } }
if (text) {
    plot for [i in drawn] MODE(NAME[i+0]) using 2:5 with points pt word('1 3 o x t T', i+0) title TITLE[i+0]
} else {
    plot for [i in drawn] MODE(NAME[i+0]) using 2:5:4:6 with yerrorbars ls i+0 dt 1 notitle, \
         for [i in drawn] MODE(NAME[i+0]) using 2:5 with linespoints ls i+0 title TITLE[i+0]
}
