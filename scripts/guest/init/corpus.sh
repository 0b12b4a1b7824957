# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
# Sourced by init: asks this kernel's verifier about every object in /objects, in two processes, a unit of
# them at a time. /objects/units has a line a unit: its name, then the objects. Back: OBJECT.out/.err/.status.

LOAD_LIMIT=300

load_each() {
	out=$1
	shift
	for object in "$@"; do
		/bin/tpc-status -t $LOAD_LIMIT -o "$out/$object" -- \
			/bin/tpc-loader run "/objects/$object" --no-attach --variant all --output json
	done
}

# Every second name goes to one of the two.
load_unit() {
	unit=$1
	shift
	unit_start "$unit"
	odd='' even=''
	while [ $# -gt 0 ]; do
		odd="$odd $1"
		even="$even $2"
		shift
		[ $# -eq 0 ] || shift
	done
	load_each "/out/$unit" $odd &
	first=$!
	load_each "/out/$unit" $even &
	wait $first $!
	unit_done "$unit"
}

while read -r line; do
	load_unit $line </dev/null
done </objects/units
