#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every test there is: installs what is missing, builds with gcc, with clang and with sanitizers, runs the meson
# tests, the tests under sanitizers, and the live cases in QEMU guests. Ends with one line: N passed, N failed,
# N skipped. Exit status 1 when anything failed. Logs are in build/logs/.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
exec </dev/null

logs=build/logs
tally=()
steps=0

# step_result NAME STATUS [REASON]: the builds and the demonstration are tests too, of one TAP stream. 77: skipped.
step_result() {
    steps=$((steps + 1))
    case $2 in
    0) echo "ok $steps - $1" ;;
    77) echo "ok $steps - $1 # SKIP ${3-no reason given}" ;;
    *) echo "not ok $steps - $1" ;;
    esac >>$logs/steps.tap
    return "$2"
}

# build NAME FOLDER CONFIGURATION...: a step.
build() {
    local name=$1 dir=$2 status=0
    shift 2
    heading "Build: $name"
    logged "$logs/$dir-configure.log" configure "$dir" "$@" && logged "$logs/$dir-build.log" ninja -C "$dir" || status=1
    step_result "build: $name" $status
}

# meson_tests LABEL FOLDER ARGUMENT...: its results go to the tally whatever its exit status.
meson_tests() {
    local label=$1 dir=$2
    shift 2
    heading "Tests: $label"
    rm -f "$dir/meson-logs/testlog.json"
    meson test -C "$dir" --no-rebuild --print-errorlogs "$@" >"$logs/$dir-tests.log" 2>&1
    # Of a long log, what failed; the rest is in the file.
    grep -E '^ *[0-9]+/[0-9]+ .*(FAIL|ERROR|TIMEOUT|INTERRUPT)|^(Ok|Fail|Skipped|Timeout):' "$logs/$dir-tests.log"
    tally+=(--meson "$label=$dir/meson-logs/testlog.json")
}

# tap_tests LABEL LIMIT COMMAND...: a program that writes TAP on standard output; LIMIT as timeout(1) has it.
tap_tests() {
    local label=$1 limit=$2 status=0
    shift 2
    heading "Tests: $label"
    timeout -k 30 "$limit" "$@" >"$logs/$label.tap" 2>"$logs/$label.log" || status=$?
    grep -E '^not ok|^# corpus:' "$logs/$label.tap"
    [ "$status" -eq 0 ] || tail -n 20 "$logs/$label.log" | sed 's/^/    /'
    tally+=(--tap "$label=$logs/$label.tap:$status")
}

# The kernel that allows override and the collection of policies lie beside a clone, where there are any.
find_shared() {
    local shared

    shared=$(cd .. && pwd)/shared
    [ -n "${TPC_KERNEL_OVERRIDE-}" ] || export TPC_KERNEL_OVERRIDE=$shared/vm/bzImage-6.1-override
    [ -n "${TPC_CORPUS-}" ] || export TPC_CORPUS=$shared/corpus/policies
}

guest_tests() {
    local kernel programs=(--tpc build/tpc --loader build/tpc-loader)

    for kernel in debian override; do
        tap_tests "guest-$kernel" 15m python3 scripts/guest/run.py "${programs[@]}" --kernel $kernel
    done
    # Where a kernel can do both, fentry is taken: once more with what older kernels have.
    tap_tests guest-kprobe 15m python3 scripts/guest/run.py "${programs[@]}" --kernel debian --variant kprobe
    tap_tests examples 10m python3 scripts/guest/corpus.py "${programs[@]}" --corpus testdata/policies
    tap_tests corpus 20m python3 scripts/guest/corpus.py "${programs[@]}"
    # What replaces the result of a system call, which Debian's kernel cannot do.
    tap_tests corpus-override 10m python3 scripts/guest/corpus.py "${programs[@]}" --kernel override --only link-override
}

# Two policies in a kernel, for people to see.
demo() {
    local status=0
    heading "Two policies in a real kernel"
    timeout -k 30 5m scripts/demo.sh build >$logs/demo.txt 2>$logs/demo.log || status=$?
    cat $logs/demo.txt
    [ "$status" -eq 0 ] || tail -n 20 $logs/demo.log | sed 's/^/    /'
    step_result "demonstration in a guest" $status "$(tail -n 1 $logs/demo.log)"
}

main() {
    local built=1

    mkdir -p $logs
    rm -f $logs/*
    find_shared

    heading "What is missing on this machine"
    scripts/install-deps.sh test
    step_result "install what is missing" $? && say "everything is here"

    if CC=gcc build "gcc" build; then
        built=0
        meson_tests meson build
    fi
    if CC=gcc build "address and undefined behaviour sanitizers" build-san --native-file build-dev.ini; then
        meson_tests sanitizers build-san --no-suite lint --no-suite scripts
    fi
    CC=clang-19 build "clang" build-clang

    if [ $built -eq 0 ]; then
        guest_tests
        demo
    fi

    echo "1..$steps" >>$logs/steps.tap
    heading "Result"
    python3 scripts/tally.py --tap "steps=$logs/steps.tap" "${tally[@]}" | tee $logs/summary.txt
    exit "${PIPESTATUS[0]}"
}

main
