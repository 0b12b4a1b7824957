#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to a compiled, validated and explained policy: installs what is missing, builds into
# build/, and shows what tpc makes of a policy. Nothing is attached to the kernel.
#
#   scripts/quickstart.sh [POLICY.yaml...]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
exec </dev/null

policies=("$@")
[ $# -gt 0 ] || policies=(testdata/policies/file-monitoring.yaml testdata/policies/protect-shadow.yaml)
out=build/quickstart
btf=()
[ ! -r /sys/kernel/btf/vmlinux ] || btf=(--btf /sys/kernel/btf/vmlinux)

# show COMMAND...: the command as one would type it, then its output.
show() {
    printf '%s$ %s%s\n' "$bold" "$*" "$plain"
    "$@"
}

build() {
    configure build && ninja -C build tpc tpc-loader
}

# tpc-loader asks this kernel's verifier, without attaching.
ask_kernel() {
    local status=0
    show build/tpc-loader run --no-attach "$1" 2>&1 | sed 's/^/  /' || status=$?
    case $status in
    0) say "The verifier of this kernel, $(uname -r), accepts it." ;;
    3) say "This kernel cannot be asked, see above; the object is sound, and scripts/test.sh loads it in a guest." ;;
    *) die "this kernel, $(uname -r), refuses it: see above" ;;
    esac
}

# try POLICY: from its text to what the kernel says.
try() {
    local policy=$1 name object cases
    name=$(basename "${policy%.*}")
    object=$out/$name.bpf.o
    cases=$(dirname "$policy")/tests/$name.cases.yaml

    heading "The policy $policy"
    grep -v '^ *#' "$policy"

    heading "Compile it"
    show build/tpc check "$policy"
    show build/tpc compile "$policy" -o "$object"
    say "$(stat -c %s "$object") bytes of BPF, types and manifest"

    if [ -e "$cases" ]; then
        heading "Does it do what was meant?"
        show build/tpc test "$policy" "$cases"
    fi

    heading "Is the object sound?"
    show build/tpc verify "$object" --policy "$policy" --min-kernel 5.15 "${btf[@]}"

    heading "What the object would do"
    show build/tpc inspect "$object"

    heading "What the kernel says"
    ask_kernel "$object"
}

main() {
    local policy

    heading "What is missing on this machine"
    scripts/install-deps.sh build
    say "everything that tpc needs is here"

    heading "Build"
    logged build/quickstart.log build || die "the build failed: see above"
    say "built: build/tpc and build/tpc-loader ($(build/tpc --version))"

    mkdir -p "$out"
    for policy in "${policies[@]}"; do
        try "$policy"
    done

    heading "Next"
    say "  run it, as root:             build/tpc-loader run $out/$(basename "${policies[0]%.*}").bpf.o"
    say "  see it in a real kernel:     scripts/test.sh"
    say "  compile a policy of yours:   scripts/quickstart.sh POLICY.yaml"
}

main
