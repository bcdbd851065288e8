// cpus.h - how many CPUs there are, and how many of them are ours to use.
//
// A pool with more processes than usable CPUs gains nothing. In containers the
// machine's number has made Python start 160 workers for 2 CPUs.

#ifndef MP_BASE_CPUS_H
#define MP_BASE_CPUS_H

// Python: cpu_count(), the CPUs of the machine that are online, whether this
// process may use them or not. At least 1.
int mp_cpu_count(void);

// Python 3.13: os.process_cpu_count(), and one thing more: the CPUs that this
// process may run on (sched_getaffinity(2)), and no more than the CPU time that
// its cgroup allows, rounded up (cpu.max of cgroup v2; v1, and the groups above
// ours, are not looked at). At least 1.
int mp_usable_cpu_count(void);

// For the library itself, and tests: the CPUs that our cgroup allows, rounded
// up; 0 for no limit. `cgroup` is the file that names our group, as in
// /proc/self/cgroup; `root` is where groups are mounted, as in /sys/fs/cgroup.
int mp_cgroup_cpu_limit(const char *cgroup, const char *root);

#endif
