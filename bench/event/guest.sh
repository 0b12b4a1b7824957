# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
# Runs in the guest, by run.py: CALLS and BATCHES are set in front of it. Prints
#   SIDE VARIANT CASE NS-A-BATCH
# and for what loaded but matched wrongly, or did not load, a line that begins with "fault".

here=/root
echo 0 >/proc/sys/kernel/randomize_va_space
cp $here/bench-trigger /bin/bench-match
cp $here/bench-trigger /bin/bench-other
chmod 755 /bin/bench-match /bin/bench-other
mkdir -p /bench/a/b/c/d/e /etc /bench-mount
mount -t tmpfs tmpfs /bench-mount
mkdir -p /bench-mount/a
for f in /bench/f /bench/a/b/f /bench/a/b/c/d/e/g /bench-mount/a/f /etc/bench; do
	: >$f
done
mkdir -p /bench/a/b/c/d/e/h
: >/bench/a/b/c/d/e/h/f

# The least of several processes: each begins on other state of the kernel's caches.
# PROGRAM PATH
least() {
	for _ in 1 2 3; do
		"$1" "$2" "$BATCHES" "$CALLS" || return
	done | sort -n | head -n 1
}

# SIDE VARIANT
measure() {
	for case in "no-match:bench-other:/bench/a/b/f" "depth-2:bench-match:/bench/f" "depth-4:bench-match:/bench/a/b/f" \
		"depth-8:bench-match:/bench/a/b/c/d/e/h/f" "mount-3:bench-match:/bench-mount/a/f"; do
		rest=${case#*:}
		ns=$(least "/bin/${rest%%:*}" "${rest#*:}")
		if [ -n "$ns" ]; then
			echo "$1 $2 ${case%%:*} $ns"
		else
			echo "fault $1 $2 ${case%%:*}: the trigger failed"
		fi
	done
}

# PID READY: whether it is there in time
wait_ready() {
	n=0
	while [ ! -e "$2" ]; do
		n=$((n + 1))
		if [ $n -gt 600 ] || ! kill -0 "$1" 2>/dev/null; then
			return 1
		fi
		usleep 100000
	done
}

# SIDE VARIANT COMMAND...: measures while COMMAND runs, then tries that what it attached sees a match and nothing else
attached() {
	side=$1 variant=$2
	shift 2
	rm -f $here/ready
	"$@" >$here/out 2>$here/err &
	pid=$!
	if ! wait_ready $pid $here/ready; then
		echo "fault $side $variant: $(tail -n 3 $here/err | tr '\n' ' ')"
		kill $pid 2>/dev/null
		wait $pid
		return
	fi
	measure "$side" "$variant"
	[ -z "$DUMP" ] || dump "$side" "$variant"
	/bin/bench-other /etc/bench 1 1 >/dev/null
	/bin/bench-match /etc/bench 3 4 >/dev/null
	usleep 300000
	kill $pid
	wait $pid
	case $side in
	hand) seen=$(sed -n 's/^matches //p' $here/err) ;;
	tpc) seen=$(grep -c '"process_kprobe"' $here/out) ;;
	*) return ;;
	esac
	# One for every open.
	[ "$seen" = 12 ] || echo "fault $side $variant: $seen matches, not 12"
}

dump() {
	for id in $(bpftool prog show | sed -n 's/^\([0-9]*\): \(kprobe\|tracing\) .*/\1/p'); do
		echo "==== $1 $2 $(bpftool prog show id "$id" | tr '\n' ' ')"
		bpftool prog dump xlated id "$id"
		[ "$DUMP" != jited ] || bpftool prog dump jited id "$id"
	done >>$here/dump 2>&1
}

: >$here/dump
measure none none
for v in fentry kprobe; do
	attached empty $v $here/bench-loader $here/empty.bpf.o $here/ready empty_$v
	attached hand $v $here/bench-loader $here/hand.bpf.o $here/ready hand_$v hand_exec
	attached tpc $v tpc-loader run $here/tpc.bpf.o --variant $v --ready-file $here/ready
done
