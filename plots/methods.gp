# methods.gp - what one start and join costs by each start method. The axis is
# logarithmic, since a thread and an interpreter are far apart.

load 'plots/style.gp'
set xlabel 'time for one, from start to joined'
load 'plots/rows.gp'
