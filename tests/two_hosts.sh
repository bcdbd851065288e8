#!/bin/sh
# Runs a command on a host called one, from which mpirun reaches a host called
# two: both are namespaces of this machine, with a cable between them. They end
# with the command. AGENT is what mpirun is to call in the place of ssh.
#
#     tests/two_hosts.sh sh -c 'mpirun --mca plm_rsh_agent "$AGENT" ..'

set -e
if [ "$1" != inside ]; then
    exec unshare --user --map-root-user --net --pid --fork --kill-child \
         --mount-proc sh "$0" inside "$@"
fi
shift

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for host in one two; do
    mkfifo "$dir/$host"
    unshare --net --uts sh -c "hostname $host; echo > '$dir/$host'; exec sleep 10000" &
    eval "$host=$!"
    read -r _ < "$dir/$host"
done

ip link add eth netns "$one" type veth peer name eth netns "$two"
for address in 1 2; do
    nsenter --net --target $([ $address = 1 ] && echo "$one" || echo "$two") sh -c "
        ip address add 10.0.0.$address/24 dev eth
        ip link set eth up
        ip link set lo up"
done

# As ssh it gets a host, and then a command; there is only one other host.
printf '#!/bin/sh\nshift\nexec nsenter --net --uts --target %s sh -c "$*"\n' "$two" > "$dir/agent"
chmod +x "$dir/agent"
AGENT="$dir/agent" nsenter --net --uts --target "$one" "$@"
