# map.gp - what one item of a map costs, against their number. Both axes are
# logarithmic. A curve that falls to the right pays for the start of a map.

load 'plots/style.gp'
array NAME[5] = ['pool, shared memory', 'pool, ordinary memory', 'OpenMP', 'loop', 'Python map']
array LINE[5] = [2, 6, 3, 1, 4]
Y(i, n, ns) = ns / n

set xtics ('1000' 1e3, '10 thousand' 1e4, '100 thousand' 1e5, '1 million' 1e6, '10 million' 1e7)
set ytics @TIME_TICS
set xlabel 'items of a map'
set ylabel 'time for one item'
load 'plots/curves.gp'
