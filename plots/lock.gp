# lock.gp - what it costs to acquire a lock and to release it, against the number
# of processes that do. Both axes are logarithmic.

load 'plots/style.gp'
array NAME[7] = ['mp lock', 'robust mutex', 'Python Lock, 2 CPUs', 'mp lock, 2 CPUs', 'mutex, 2 CPUs', 'robust mutex, 2 CPUs', 'semaphore, 2 CPUs']
array LINE[7] = [6, 7, 4, 2, 1, 3, 5]
Y(i, n, ns) = ns / 1000
set xtics ('1 process' 1, '2' 2, '16' 16)
set ytics @TIME_TICS
set xlabel 'processes that acquire and release one lock'
set ylabel 'time for each acquire and release'
@LONG_KEY
load 'plots/curves.gp'
