#!/bin/sh
# Takes away what a test engine or a farm has made on this machine: processes, bridges, the packet filter's rule, control groups, run folder.
# Runs when it is disposed of, when the process that started it has died, and before the next one takes its place.
# usage: tidy.sh NAME RUN_FOLDER DATA_ROOT
name=$1
run=$2
networks="$3/network/files/local-kv.db"

# Process ids are given anew: only a process that is still that machine is ended.
for record in "$run"/machine.pid "$run"/*/machine.pid; do
  machine=$(cat "$record" 2>/dev/null) || continue
  case "$(cat "/proc/$machine/cmdline" 2>/dev/null | tr '\0' ' ')" in
    "unshare "*" $name "* | "unshare "*" $name-"*) kill -KILL "$machine" ;;
  esac
done

# Docker names a bridge after its network; that our engine's own records have the network makes the bridge ours.
for bridge in $(ip -o link show | sed -n 's/^[0-9]*: \(br-[0-9a-f]*\)[:@].*/\1/p'); do
  grep -q "${bridge#br-}" "$networks" 2>/dev/null && ip link delete "$bridge"
done
[ -e "/sys/class/net/$name" ] && ip link delete "$name"

if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null)" = 1 ]; then
  iptables -w -S FORWARD | sed -n "s/^-A \(.* --comment $name .*\)/\1/p" | while read -r rule; do
    # Unquoted on purpose: the rule is words.
    iptables -w -D $rule
  done
fi

# A control group can be removed once its last process is gone, which the kernel takes a moment for.
groups() { find /sys/fs/cgroup -depth -type d \( -path "*/$name" -o -path "*/$name/*" \) 2>/dev/null; }
tries=1200
while [ -n "$(groups)" ]; do
  groups | while read -r group; do rmdir "$group" 2>/dev/null; done
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    echo "control groups of $name are still in use" >&2
    exit 1
  fi
  [ -z "$(groups)" ] || sleep 0.05
done

rm -rf "$run"
