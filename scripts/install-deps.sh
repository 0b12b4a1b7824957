#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, and nothing else: `install-deps.sh [build|test]`; test includes build.
# Says nothing when everything is there. Debian 12 and newer; elsewhere it says what is wanted.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

have_command() {
    command -v "$1" >/dev/null
}

have_meson() {
    have_command meson && at_least "$(meson --version)" 1.0
}

have_python() {
    have_command python3 && python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))'
}

# A C library with its pkg-config file.
have_library() {
    have_command pkg-config && pkg-config --atleast-version="$2" "$1"
}

# The same search as libtpc's: a clang that is 16 or newer.
have_clang() {
    local c major
    for c in clang-19 clang-18 clang-17 clang-16 clang; do
        have_command "$c" || continue
        major=$("$c" -dumpversion | cut -d. -f1)
        [ "$major" -ge 16 ] && return 0
    done
    return 1
}

have_libclang_headers() {
    local h
    for h in /usr/lib/llvm-1[6-9]/include/clang-c/Index.h /usr/lib/llvm-2[0-9]/include/clang-c/Index.h \
        /usr/include/clang-c/Index.h; do
        [ -e "$h" ] && return 0
    done
    return 1
}

have_lua() {
    have_command lua5.1 || have_command lua5.4 || have_command lua
}

have_python_yaml() {
    python3 -c 'import yaml' 2>/dev/null
}

have_static_busybox() {
    have_command busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1
}

have_file() {
    [ -e "$1" ]
}

# Debian package | how to see that it is there | what to call it elsewhere
build_set='
gcc                 | have_command gcc                      | gcc 12 or newer
libc6-dev           | have_file /usr/include/stdio.h        | the C library headers
ninja-build         | have_command ninja                    | ninja
meson               | have_meson                            | meson 1.0 or newer
pkgconf             | have_command pkg-config               | pkg-config
python3             | have_python                           | python 3.9 or newer
clang-19            | have_clang                            | clang 16 or newer
libclang-19-dev     | have_libclang_headers                 | libclang with headers, 16 or newer
libyaml-dev         | have_library yaml-0.1 0.2.5           | libyaml 0.2.5 or newer
libelf-dev          | have_library libelf 0.186             | libelf 0.186 or newer
libbpf-dev          | have_library libbpf 1.1               | libbpf 1.1 or newer
libjansson-dev      | have_library jansson 2.13             | jansson 2.13 or newer
libarchive-dev      | have_library libarchive 3.6           | libarchive 3.6 or newer
zlib1g-dev          | have_library zlib 1.2.11              | zlib 1.2.11 or newer
libsodium-dev       | have_library libsodium 1.0.18         | libsodium 1.0.18 or newer
check               | have_library check 0.15               | check 0.15 or newer
'
test_set='
clang-format-19     | have_command clang-format-19          | clang-format 19
shellcheck          | have_command shellcheck               | shellcheck
qemu-system-x86     | have_command qemu-system-x86_64       | qemu-system-x86_64
busybox-static      | have_static_busybox                   | a static busybox
lz4                 | have_command lz4                      | lz4
faketime            | have_command faketime                 | faketime
skopeo              | have_command skopeo                   | skopeo
umoci               | have_command umoci                    | umoci
minisign            | have_command minisign                 | minisign
'

# missing SET FIELD: column 1 (package) or 3 (name) of what is not there, a line each.
missing() {
    local package probe name
    while IFS='|' read -r package probe name; do
        [ -n "$package" ] || continue
        # shellcheck disable=SC2086 # a function and its arguments
        if ! $probe; then
            case $2 in
            1) echo "${package%% *}" ;;
            3) echo "${name# }" ;;
            esac
        fi
    done <<<"$1"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
        -o Acquire::Retries=3 "$@" </dev/null
}

install_packages() {
    local log=$1
    shift
    apt install --no-install-recommends "$@" >"$log" 2>&1 && return 0
    # Fresh machines have no package lists, or old ones.
    apt update >>"$log" 2>&1 && apt install --no-install-recommends "$@" >>"$log" 2>&1
}

# The guest harness fetches Debian's kernel by itself, once, but a fresh machine has no package lists.
lists_for_guest_kernel() {
    local cached
    for cached in "${TPC_CACHE-/var/cache/tpc-guest}"/vmlinuz-*; do
        [ -e "$cached" ] && return 0
    done
    if [ -z "${TPC_KERNEL_DEBIAN-}" ] && ! apt-cache show linux-image-cloud-amd64 >/dev/null 2>&1; then
        apt update >/dev/null 2>&1 || say "warning: apt-get update failed: the guest's kernel cannot be fetched" >&2
    fi
}

main() {
    local wanted packages
    case ${1-build} in
    build) wanted=$build_set ;;
    test) wanted=$build_set$test_set ;;
    *)
        echo "usage: scripts/install-deps.sh [build|test]" >&2
        exit 2
        ;;
    esac

    mapfile -t packages < <(missing "$wanted" 1)
    if [ ${#packages[@]} -gt 0 ]; then
        install_missing "$wanted" "${packages[@]}"
    fi
    if [ "${1-build}" = test ] && have_command apt-get; then
        lists_for_guest_kernel
    fi
}

# install_missing SET PACKAGE...
install_missing() {
    local wanted=$1 log still
    shift
    if ! have_command apt-get; then
        missing "$wanted" 3 | sed 's/^/  /' >&2
        die "the above is missing, and this script can only install it on Debian: please install it by hand"
    fi
    if [ "$(id -u)" -ne 0 ] && ! have_command sudo; then
        die "missing: $*. Run this script as root"
    fi

    say "installing $# packages: $*"
    log=$(mktemp)
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -f '$log'" EXIT
    if ! install_packages "$log" "$@"; then
        tail -n 15 "$log" | sed 's/^/    /' >&2
        die "apt-get could not install all of: $*. tpc needs Debian 12 or newer, with its main section"
    fi

    hash -r
    still=$(missing "$wanted" 3)
    if [ -n "$still" ]; then
        printf '%s\n' "$still" | sed 's/^/  /' >&2
        die "the above is still missing or too old, although its package is installed"
    fi
}

main "$@"
