# apply.gp - what one task of a pool costs, there and back. The axis is
# logarithmic, since a futex and an interpreter are far apart.

H = 560
load 'plots/style.gp'
set xlabel 'time for one task, until its result is there'
load 'plots/rows.gp'
