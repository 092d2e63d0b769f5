const id = '3f9c1d5a7b2e4f60819a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70';

/** Output of the probe on Debian 11 with control groups of version 1 and one container, shortened. */
export const versionOne = {
  id,
  text: `
@time
1764154800.123456789

@boot
06683fc5-7634-4046-9bc4-8bce47078b07

@uptime
25649.43 8373.22

@load
8.17 7.64 5.76 4/321 91234

@cpus
2

@cpu
cpu  3386352 120 821000 837322 21337 11 519 42209 7 0

@memory
MemTotal:       24683656 kB
MemFree:         1203444 kB
MemAvailable:   24006960 kB
Buffers:          202340 kB
Cached:         20144500 kB
SwapTotal:       1048576 kB
SwapFree:        1048000 kB

@devices
   7       0 loop0 12 0 24 3 0 0 0 0 0 4 3 0 0 0 0 0 0
 254       0 vda 1039336 25242 27600426 892032 4988140 2526023 186807168 8335951 0 1244292 10281572 1644896 2160 146348344 618959 945962 434629
 254       1 vda1 1039000 25242 27600000 892000 4988140 2526023 186807168 8335951 0 1244292 10281572 0 0 0 0 0 0

@routes
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
docker0	0000C90A	00000000	0001	0	0	0	00FFFFFF	0	0	0

@interfaces
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 33185938551 28022711    0    0    0     0          0         0 33185938551 28022711    0    0    0     0       0          0
  eth0: 3752445490  156857    0    0    0     0          0         0 26798404  152102    0    0    0     0       0          0
docker0:       0       0    0    0    0     0          0         0        0       0    0    2    0     0       0          0

@usage
/sys/fs/cgroup/memory/docker/${id}/memory.usage_in_bytes:8257536
/sys/fs/cgroup/memory/docker/${id}/memory.stat:inactive_file 3031040
/sys/fs/cgroup/memory/docker/${id}/memory.stat:total_inactive_file 3035136
/sys/fs/cgroup/cpuacct/docker/${id}/cpuacct.usage:6481234567

@processes
/sys/fs/cgroup/memory/docker/${id}/cgroup.procs:4711

@traffic
/proc/4711/net/dev:    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
/proc/4711/net/dev:  eth0:    1316      16    0    0    0     0          0         0      420       5    0    0    0     0       0          0

@disks
of /srv
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda         264212084 26953268  79437644      26% /
Filesystem       Inodes  IUsed    IFree IUse% Mounted on
/dev/vda       16777216 561168 16216048    4% /
of /
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda         264212084 26953268  79437644      26% /
Filesystem       Inodes  IUsed    IFree IUse% Mounted on
/dev/vda       16777216 561168 16216048    4% /

@end
`,
};

const scope = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;

/** The parts that differ with control groups of version 2 under systemd, busybox' `date`, and a disk of btrfs at a path with a space. */
export const versionTwo = {
  id,
  text: `
@time
1764154800.%N

@boot
06683fc5-7634-4046-9bc4-8bce47078b07

@usage
${scope}/memory.current:8257536
${scope}/memory.stat:inactive_file 3031040
${scope}/cpu.stat:usage_usec 6481234

@processes
${scope}/cgroup.procs:4711

@traffic
/proc/4711/net/dev:  eth0:    1316      16    0    0    0     0          0         0      420       5    0    0    0     0       0          0

@disks
of /srv/my disk
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/sdb 1000 600 300 67% /srv/my disk
Filesystem       Inodes  IUsed    IFree IUse% Mounted on
/dev/sdb 0 0 0 - /srv/my disk
of /
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda 264212084 26953268  79437644      26% /

@end
`,
};
