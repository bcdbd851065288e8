# queue.gp - the time for an item against its size, there, or there and back.
# Both axes are logarithmic.

load 'plots/style.gp'
cpus = HAS('mp queue, 2 CPUs') ? ', 2 CPUs' : ''
array NAME[6] = ['mp queue'.cpus, 'two mp pipes'.cpus, 'raw pipe'.cpus, 'two raw pipes'.cpus, 'Python Queue'.cpus, 'two Python pipes'.cpus]
array LINE[6] = [2, 6, 1, 5, 4, 7]
Y(i, n, ns) = ns

set xtics ('8 bytes' 8, '64' 64, '512' 512, '4 KiB' 4096, '64 KiB' 65536, '1 MiB' 1048576)
set ytics @TIME_TICS
set xlabel 'size of an item'
set ylabel 'time for one, or there and back'
@LONG_KEY
load 'plots/curves.gp'
