# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the project's scripts share: messages, and builds that survive a half-made build folder.

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    bold=$'\e[1m' plain=$'\e[0m'
else
    bold='' plain=''
fi

heading() {
    printf '\n%s== %s%s\n' "$bold" "$*" "$plain"
}

say() {
    printf '%s\n' "$*"
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# at_least VERSION MINIMUM: compares as sort -V does.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# logged LOG COMMAND...: quiet when it works; the end of its output when it does not.
logged() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if "$@" >"$log" 2>&1; then
        return 0
    fi
    printf 'failed: %s\n' "$*" >&2
    tail -n 30 "$log" | sed 's/^/    /' >&2
    printf '(all of it: %s)\n' "$log" >&2
    return 1
}

# configure FOLDER ARGUMENT...: a new build folder, or the old one brought up to date, or made anew where it
# cannot be.
configure() {
    local dir=$1
    shift
    if [ ! -e "$dir/meson-private/coredata.dat" ]; then
        meson setup "$@" "$dir" || return 1
    elif ! meson setup --reconfigure "$@" "$dir"; then
        meson setup --wipe "$@" "$dir" || return 1
    fi
}
