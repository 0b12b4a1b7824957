# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
# Sourced by init: runs the cases named in /cases/order. What the host wrote for each of them:
#   setup.sh  before/NAME.sh  steps/NN-NAME.sh|.init  after/NN-NAME.sh  loader.args  OBJECT (or none: no loader)
# What goes back: setup.txt, state, loader.out/.err/.status, and NAME.out/.err/.status a step.

LOADER_READY=90   # seconds until the loader must be ready; emulation is slow
LOADER_STOP=30
STEP_LIMIT=30
BEFORE_LIMIT=240

# run_step FILE OUT: a shell script in a process of its own, or (.init) in this very process, pid 1.
run_step() {
	name=$(basename "$1")
	name=${name%.*}
	case $1 in
	*.init)
		# shellcheck source=/dev/null
		. "$1" >"$2/$name.out" 2>"$2/$name.err"
		echo "exit $?" >"$2/$name.status"
		;;
	*)
		/bin/tpc-status -t $STEP_LIMIT -o "$2/$name" -- "$1"
		;;
	esac
}

# wait_for SECONDS TEST...: polls; false when the time is over.
wait_for() {
	tries=$(($1 * 10))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

loader_ready_or_gone() { [ -e "$ready" ] || ! kill -0 "$loader" 2>/dev/null; }
loader_gone() { ! kill -0 "$loader" 2>/dev/null; }

# The arguments in loader.args are quoted for a shell.
# shellcheck disable=SC2120
start_loader() {
	ready=/out/$case.ready
	eval "set -- $(cat loader.args)"
	/bin/tpc-status -t 600 -o "$out/loader" -p "/out/$case.pid" -- \
		/bin/tpc-loader run OBJECT --output json --ready-file "$ready" "$@" &
	loader=$!
	wait_for $LOADER_READY loader_ready_or_gone || echo "not ready after $LOADER_READY s" >>"$out/state"
	[ -e "$ready" ] && echo ready >>"$out/state"
}

stop_loader() {
	# Events under way: the loader reads the ring before it ends, this is for what is still in a hook.
	sleep 0.2
	[ -e "/out/$case.pid" ] && kill -TERM "$(cat "/out/$case.pid")" 2>/dev/null
	if ! wait_for $LOADER_STOP loader_gone; then
		echo "still there $LOADER_STOP s after SIGTERM" >>"$out/state"
		kill -KILL "$(cat "/out/$case.pid")"
	fi
	wait "$loader"
	rm -f "/out/$case.pid" "$ready"
}

run_case() {
	case=$1 out=/out/$1
	unit_start "$case"
	cd "/cases/$case" || return
	mkdir -p "/t/$case"
	if ! sh -e ./setup.sh >"$out/setup.txt" 2>&1; then
		echo "setup failed" >>"$out/state"
	else
		for file in before/*.sh; do
			[ -e "$file" ] || continue
			name=$(basename "$file" .sh)
			/bin/tpc-status -t $BEFORE_LIMIT -o "$out/before-$name" -- "$file" &
		done
		[ -e before ] && sleep 0.5
		[ -e OBJECT ] && start_loader
		for file in steps/*; do
			[ -e "$file" ] && run_step "$file" "$out"
		done
		[ -e OBJECT ] && stop_loader
		for file in after/*; do
			[ -e "$file" ] && run_step "$file" "$out"
		done
	fi
	cd /
	unit_done "$case"
}

for case in $(cat /cases/order); do
	run_case "$case"
done
