#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes what reads policies, cases, objects, archives and guests: scripts/fuzz.sh [SECONDS [TARGET...]]. Each target (default: all) has SECONDS of
# CPU (default 600) under ASan and UBSan. What it found goes to build-fuzz/findings/, the grown corpus stays in
# build-fuzz/corpus-TARGET/. Exit status 1 when there are findings: mend them, and keep the input in
# testdata/fuzz/TARGET/, which the tests replay. `build-fuzz/fuzz_TARGET -minimize_crash=1 FILE` makes one small.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

MAX_LEN=16384
OBJECT_MAX_LEN=65536 # what a policy compiles to
SLICE=60 # seconds by the clock of one libFuzzer run; between them the CPU time is looked at

# What this script's children that ended have used, in whole seconds.
cpu_seconds() {
    local stat
    read -ra stat <"/proc/$$/stat"
    echo $(((stat[15] + stat[16]) / $(getconf CLK_TCK)))
}

# Objects of the golden policies.
object_seeds() {
    local folder kernel

    logged build-fuzz.log ninja -C build-fuzz tpc || die "cannot build tpc"
    rm -f build-fuzz.log
    mkdir -p build-fuzz/seeds-object
    for folder in testdata/golden/*/; do
        kernel=()
        [[ $folder != */resolve-* ]] || kernel=(--btf "$TPC_TEST_BTF")
        build-fuzz/tpc compile "${kernel[@]}" -o build-fuzz/seeds-object/"$(basename "$folder")".bpf.o "$folder"*.yaml 2>/dev/null ||
            die "cannot compile $folder"
    done
}

# fuzz TARGET SECONDS: false when it found something.
fuzz() {
    local target=$1 seconds=$2 start left
    local corpus=build-fuzz/corpus-$target seeds=(testdata/fuzz/"$target") options=() max_len=$MAX_LEN

    # The whole of testdata makes seeds too: what is no policy, such as generated C, does no harm.
    [ "$target" != policy ] || seeds+=(testdata/{golden,policies,lower,live,reject,ir})
    [ "$target" != review ] || seeds+=(testdata/review/{checks,covers} testdata/reject) options+=(-dict=testdata/fuzz/policy.dict)
    [ "$target" != object ] || { object_seeds && seeds=(build-fuzz/seeds-object) max_len=$OBJECT_MAX_LEN; }
    [ ! -e "testdata/fuzz/$target.dict" ] || options+=(-dict="testdata/fuzz/$target.dict")
    [ -d "${seeds[0]}" ] || seeds=()
    mkdir -p "$corpus" build-fuzz/findings
    heading "fuzz_$target, $seconds s of CPU"
    start=$(cpu_seconds)
    while left=$((seconds - $(cpu_seconds) + start)) && [ $left -gt 0 ]; do
        # A crash is told on standard error with its stack; keep all of it beside the input.
        if ! build-fuzz/fuzz_"$target" -max_total_time=$((left < SLICE ? left : SLICE)) -max_len=$max_len -timeout=20 \
            -rss_limit_mb=2048 -verbosity=1 -print_final_stats=1 -artifact_prefix=build-fuzz/findings/"$target"- \
            "${options[@]}" "$corpus" "${seeds[@]}" >build-fuzz/findings/"$target".log 2>&1; then
            tail -n 40 build-fuzz/findings/"$target".log
            return 1
        fi
        grep -E '^(#[0-9]+.*DONE|stat::number_of_executed_units)' build-fuzz/findings/"$target".log
    done
    rm -f build-fuzz/findings/"$target".log
}

main() {
    local seconds=${1-600} status=0 target

    [[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: scripts/fuzz.sh [SECONDS [TARGET...]]"
    shift || true
    [ $# -gt 0 ] || set -- policy cel ptest review object bundle guest
    compgen -G "$(clang-19 -print-resource-dir)/lib/*/libclang_rt.fuzzer*.a" >/dev/null ||
        die "libFuzzer is missing: apt-get install clang-19 libclang-rt-19-dev"
    export CC=clang-19
    logged build-fuzz.log configure build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args="-fno-omit-frame-pointer -fno-sanitize-recover=all" ||
        die "cannot configure build-fuzz"
    logged build-fuzz.log ninja -C build-fuzz "${@/#/fuzz_}" || die "cannot build"
    rm -f build-fuzz.log
    # The small kernel of the tests, so that members and prototypes are looked up too.
    clang-19 -target bpf -g -O2 -c testdata/btf/kernel.c -o build-fuzz/kernel.btf.o
    export TPC_TEST_BTF=$PWD/build-fuzz/kernel.btf.o
    for target in "$@"; do
        fuzz "$target" "$seconds" || status=1
    done
    [ $status -eq 0 ] && say "nothing found" || say "found, in build-fuzz/findings/:"
    ls build-fuzz/findings
    exit $status
}

main "$@"
