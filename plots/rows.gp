# rows.gp - a dot and a bar for each mode, the fastest on top, for the pictures
# whose modes have one n. The axis is logarithmic. With CUT = 1 it is not, and
# what is Python's may lie beyond it, so that it does not squeeze the others.

if (!exists("CUT")) { CUT = 0; set xtics @TIME_TICS }
# Place, and then the columns of the summary; `of` filters by the mode's name.
SORTED = sprintf("grep -v '^#' '%s' | tail -n +2 | grep -v ' again\t' | sort -t \"$(printf '\\t')\" -k 5,5n | awk '{ print NR \"\\t\" $0 }'", data)
ROWS(of) = sprintf("< %s | awk -F '\\t' '$2 ~ /%s/'", SORTED, of)
array GROUP[3] = ['^(mp |Process)', '^[^mP]', '^Python']
array COLOUR[3] = [BLUE, ORANGE, PINK]
array TITLE[3] = ['this library', 'by hand', 'Python']

count = system(SORTED.' | wc -l') + 0
stats ROWS('') using 5 name 'LOW' nooutput
stats ROWS(CUT ? '^[^P]|^Process' : '') using 7 name 'HIGH' nooutput
RIGHT = HIGH_max * (CUT ? 1.1 : 1)
AT(x) = x > RIGHT ? RIGHT : x

groups = ''
do for [i=1:3] { if (system(ROWS(GROUP[i])[3:].' | wc -l') > 0) { groups = groups.sprintf(' %d', i) } }

if (CUT) { set xrange [0:RIGHT * 1.2] } else {
    set logscale x
    set xrange [LOW_min / 1.5:RIGHT * 3]
}
set yrange [count + 0.6:0.4]
set ytics () scale 0 noenhanced
do for [i=1:count] { set ytics add (system(sprintf("%s | sed -n %dp | cut -f 2", SORTED, i)) i) }
unset grid; if (!text) set grid x lt 1 lw 0.8 lc rgb GRID
LABEL(ns) = (ns > RIGHT ? '→ ' : '').TIME(ns)

if (text) {
    unset key
    plot ROWS('') using (AT($6)):1 with points pt 'o', \
         ROWS('') using (AT($6)):1:(LABEL($6)) with labels left offset 2, 0
} else {
    set lmargin 30
    plot for [i in groups] ROWS(GROUP[int(i)]) using (AT($6)):1:(AT($5)):(AT($7)) with xerrorbars pt 7 ps 1 lw 2 lc rgb COLOUR[int(i)] title TITLE[int(i)], \
         ROWS('') using (AT($7)):1:(LABEL($6)) with labels left offset 1.5, 0 textcolor rgb FG notitle
}
