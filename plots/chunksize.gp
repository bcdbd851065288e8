# chunksize.gp - the time of a map against its chunksize, for a few kinds of
# tasks. A kind's time is divided by that with its best chunksize: so each curve
# touches 1, and what lies above is wasted. Both axes are logarithmic. A ring
# marks the chunksize that Python would choose.

load 'plots/style.gp'
array NAME[5] = ['10 ns', '1 µs', '100 µs', 'uneven', 'Python']
array LINE[5] = [1, 2, 3, 4, 5]
array BEST[5]
do for [i=1:5] { if (HAS(NAME[i])) { stats MODE(NAME[i]) using 5 nooutput; BEST[i] = STATS_min } }
Y(i, n, ns) = ns / BEST[i]
RING(i) = sprintf("< awk -F '\\t' '$1 == \"%s\" && $2 == %d' '%s'", NAME[i], FACT('default of '.NAME[i]) + 0, data)
EXTRA = "for [i in drawn] RING(int(i)) using 2:(Y(int(i), $2, $5)) with points pt 6 ps 2.2 lw 1.4 lc rgb FG title (i == 1 ? \"Python's default\" : ''), "

set yrange [0.8:*]
set xtics ('1' 1, '4' 4, '16' 16, '64' 64, '256' 256, '1024' 1024, '4096' 4096, '16 384' 16384, '65 536' 65536, '262 144' 262144)
set ytics ('1' 1, '1.5' 1.5, '2' 2, '3' 3, '5' 5, '10' 10, '20' 20, '50' 50, '100' 100, '200' 200, '500' 500)
set xlabel 'chunksize, items that a worker takes at once'
set ylabel 'time of a map / with the best chunksize'
if (text) { set key top right }
load 'plots/curves.gp'
