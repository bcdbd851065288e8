# speedup.gp - how many times as fast p processes, or threads, do the same work
# as one: against the ideal, p times, and against Amdahl's law.

load 'plots/style.gp'
array NAME[3] = ['processes', 'threads', 'Python processes']
array LINE[3] = [2, 1, 6]
# One alone takes the same time at every n, so the median of all is taken.
stats MODE('alone') using 5 name 'C' nooutput
if (HAS('Python alone')) { stats MODE('Python alone') using 5 name 'PY' nooutput }
Y(i, n, ns) = (i == 3 ? PY_median : C_median) / ns

stats MODE('processes') using 2 name 'P' nooutput
LOGARITHMIC = 0
cpus = FACT('cpus') + 0
set xrange [0.5:P_max + 0.5]
set yrange [0:(cpus > 1 ? cpus : 2) * 1.25]
set xtics P_max > 16 ? 8 : 1
set xlabel 'processes or threads that share the work'
set ylabel 'times as fast as one alone'
set samples 400

# If a share f of the work cannot be divided, p make it 1 / (f + (1 - f) / p)
# times as fast, with no more CPUs than there are.
LAW(p) = 1 / (f + (1 - f) / (p < cpus ? p : cpus))
f = 0.05
set fit quiet logfile '/dev/null'
law = cpus > 1 && P_max > 1  # or there is one point, and nothing to fit
if (law) { fit LAW(x) MODE('processes') using 2:($2 <= cpus ? C_median / $5 : NaN) via f }
f = f < 0 ? 0 : f
EXTRA = "x with lines dt (12,8) lw 1.4 lc rgb MUTE title 'ideal', (x < 1 || !law ? NaN : LAW(x)) with lines lw 4 lc rgb (dark ? '#8d5f7c' : '#deb0cb') title (cpus > 1 ? sprintf(\"Amdahl's law, %.1f %% serial\", 100 * f) : ''), NaN with boxes fs solid 1 lc rgb SHADE title sprintf('more than %d usable CPU%s', cpus, cpus == 1 ? '' : 's'), "
if (!text) {
    set object 1 rectangle from cpus, graph 0 to graph 1, graph 1 behind fc rgb SHADE fs solid 1.0 noborder
    @LONG_KEY
}
load 'plots/curves.gp'
