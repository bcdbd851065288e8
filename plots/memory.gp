# memory.gp - the time of one start and join against the parent's memory. Both
# axes are logarithmic: a line that rises by one decade in one decade is
# proportional to the memory, a flat one does not depend on it.

load 'plots/style.gp'
array NAME[5] = ['mp fork', 'mp spawn', 'mp forkserver', 'mp fork, huge pages', 'bare fork']
array LINE[5] = [1, 2, 3, 4, 5]
Y(i, n, ns) = ns

set xtics ('4 MiB' 4, '10 MiB' 10, '32 MiB' 32, '64 MiB' 64, '256 MiB' 256, '512 MiB' 512, '1 GiB' 1024, '2 GiB' 2048, '4 GiB' 4096)
set ytics @TIME_TICS
set xlabel "the parent's memory, all of it written to"
set ylabel 'time for one, from start to joined'
load 'plots/curves.gp'
