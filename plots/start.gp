# start.gp - what one start and join costs, and on what it is spent.

H = 400
load 'plots/style.gp'
set xlabel 'time for one process, from start to joined'
set xtics ('0' 0, '50 µs' 5e4, '100 µs' 1e5, '200 µs' 2e5, '300 µs' 3e5, '400 µs' 4e5, '600 µs' 6e5, '800 µs' 8e5, '1 ms' 1e6, '2 ms' 2e6, '3 ms' 3e6, '4 ms' 4e6)
CUT = 1
load 'plots/rows.gp'
