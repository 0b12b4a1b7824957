# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
# Sourced by init. A unit is a piece of work whose files in /out/NAME go back to the host as one archive.

unit_start() {
	mkdir -p "/out/$1"
	echo "@@start $1" >&9
}

unit_done() {
	tar -C "/out/$1" -czf "/out/$1.tgz" .
	echo "@@done $1 $(stat -c %s "/out/$1.tgz")" >&9
	cat "/out/$1.tgz" >&9
	echo >&9
	rm -rf "/out/$1" "/out/$1.tgz"
}
