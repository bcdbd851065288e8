# speedup.gp - how many times as fast p processes, or threads, do the same work
# as one: against the ideal, p times, and against Amdahl's law. More of them
# than there are CPUs stand in the shaded region. Axes are linear up to 16, so
# that the ideal is a diagonal, and both logarithmic beyond, where it still is.

H = 540
load 'plots/style.gp'

MODE(name) = sprintf("< grep '^gain of %s\t' '%s'", name, data)
HAS(name) = system(sprintf("grep -c '^gain of %s\t' '%s'", name, data)) + 0 > 0

largest = int(FACT('largest'))
cpus = int(FACT('cpus'))
SERIAL = FACT('amdahl')
f = SERIAL eq '' ? 0 : real(SERIAL)
wide = (largest > 16)
stats sprintf("< grep '^gain of ' '%s'", data) using 6 name 'HIGH' nooutput
stats sprintf("< grep '^gain of ' '%s'", data) using 4 name 'LOW' nooutput
right = wide ? largest * 1.2 : largest + 0.5
left = wide ? 0.85 : 0.5
top = HIGH_max * 1.2
top = top < 1.5 * cpus ? 1.5 * cpus : top
top = top < 1.5 ? 1.5 : top
bottom = wide ? (LOW_min < 0.8 ? LOW_min : 0.8) / 1.2 : 0
if (wide) { set logscale xy 2; set xtics 2; set ytics 2 } else { set xtics 1 }
set xrange [left:right]
set yrange [bottom:top]
set format '%g'
set xlabel 'processes or threads that share the work'
set ylabel 'times as fast as one alone'
set samples 400

# More than the CPUs that there are, the law does not have either.
LAW(p) = (q = p < cpus ? p : cpus, p < 1 ? NaN : 1 / (f + (1 - f) / q))

array NAME[3] = ['processes', 'threads', 'Python processes']
array TITLE[3] = ['processes', 'threads', 'Python']
drawn = ''
do for [i=1:3] { if (HAS(NAME[i])) { drawn = drawn.sprintf(' %d', i) } }
BEYOND = sprintf("more than\n%d usable CPU%s", cpus, cpus == 1 ? '' : 's')

if (text) {
    if (cpus > 0) { set arrow 1 from cpus, graph 0 to cpus, graph 1 nohead; set label 1 sprintf('usable CPUs: %d', cpus) at cpus, graph 0.06 right offset character (wide ? -2 : 18), 0 }
    if (wide) { set key top left Left reverse } else { set key top right Left reverse }
    if (SERIAL ne '') { plot x with points pt '.' title 'ideal', LAW(x) with points pt '-' title 'Amdahl', for [i in drawn] MODE(NAME[int(i)]) using 2:5 with points pt word('p t P', int(i)) title TITLE[int(i)]
    } else { plot x with points pt '.' title 'ideal', for [i in drawn] MODE(NAME[int(i)]) using 2:5 with points pt word('p t P', int(i)) title TITLE[int(i)] }
    exit
}

# A remark needs room between the axis and the foot, and a long title the width.
set bmargin at screen ABOVE_FOOT(116)
if (strlen(VERDICT('verdict_1')) > 72) { set label 91 font FACE(11) }
set key samplen 2.2

PALE = dark ? '#8d5f7c' : '#deb0cb'
SHADE = dark ? '#23272f' : '#f1f2f5'
if (cpus > 0 && cpus < right) {
    set object 1 rectangle from cpus, graph 0 to right, graph 1 behind fc rgb SHADE fs solid 1.0 noborder
    set arrow 1 from cpus, graph 0 to cpus, graph 1 nohead dt 3 lw 1.2 lc rgb MUTE
    set label 1 BEYOND at cpus, graph 0.09 left offset character 1, 0 front textcolor rgb MUTE
}

set style line 1 lc rgb C_MANY    lw 1.8 pt 5 ps 0.9
set style line 2 lc rgb C_ONE     lw 1.8 pt 7 ps 0.8
set style line 3 lc rgb C_PY_MANY lw 1.6 pt 4 ps 0.9 dt 4

# Where all measure the same, they stand a little beside each other.
BESIDE(p, i) = wide ? p * 1.02 ** (i - 2) : p + 0.06 * (i - 2)
MEASURED = "for [i in drawn] MODE(NAME[int(i)]) using (BESIDE($2, int(i))):5:4:6 with yerrorbars ls int(i) dt 1 notitle, for [i in drawn] MODE(NAME[int(i)]) using (BESIDE($2, int(i))):5 with linespoints ls int(i) title TITLE[int(i)]"
IDEAL = "x with lines dt (12,8) lw 1.4 lc rgb MUTE title 'ideal'"
FITTED_AS = sprintf("Amdahl, %.1f %% serial", 100 * f)
FITTED = "LAW(x) with lines lw 5 lc rgb PALE title FITTED_AS"
if (SERIAL ne '') { plot @IDEAL, @FITTED, @MEASURED
} else { plot @IDEAL, @MEASURED }
