#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Boots a kernel in QEMU, loads two compiled policies in it, opens files, and prints the session: commands, what
# became of them, and the events. Changes nothing on this machine.
#
#   scripts/demo.sh [BUILD-FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
exec </dev/null

build=${1-build}
out=$build/demo
loader=$build/tpc-loader

# What the guest runs: /root has the objects. No shell variable of this script is wanted in it.
# shellcheck disable=SC2016
session='
mkdir -p /etc /usr/bin /usr/sbin
echo "root:x:0:0::/root:/bin/sh" >/etc/passwd
echo "root:secret-hash:::::::" >/etc/shadow
echo guest >/etc/hostname
cp /bin/busybox /usr/bin/busybox
for name in cat login; do cp /bin/tpc-trigger /usr/bin/$name; done

tpc-loader run --output compact --ready-file /ready file-monitoring.bpf.o protect-shadow.bpf.o >/events 2>/counters &
loader=$!
for i in $(seq 100); do [ -e /ready ] && break; sleep 0.1; done
[ -e /ready ] || { cat /counters; exit 1; }

try() {
	echo "\$ $1 $3"
	"$1" "$2" "$3"
	status=$?
	case $status in
	0) ;;
	1) echo "$1: $3: Operation not permitted" ;;
	*) echo "$1: $3: errno $status" ;;
	esac
}
try /usr/bin/cat read /etc/passwd
try /usr/bin/cat read /etc/shadow
try /usr/bin/login read /etc/shadow
try /usr/bin/cat read /etc/hostname
sleep 1
kill -INT $loader
wait $loader
echo
echo "# what tpc-loader printed of these programs meanwhile"
grep " /usr/bin/" /events
echo
echo "# and at its end"
cat /counters
'

main() {
    local policy objects=()

    mkdir -p "$out"
    for policy in file-monitoring protect-shadow; do
        "$build/tpc" compile "testdata/policies/$policy.yaml" -o "$out/$policy.bpf.o"
        objects+=(--in "$out/$policy.bpf.o")
    done
    exec python3 scripts/guest/run.py shell --loader "$loader" "${objects[@]}" -- "$session"
}

main
