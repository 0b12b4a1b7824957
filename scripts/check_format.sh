#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check_format.sh [--fix]: the C files are as .clang-format has them. Exit 77: no clang-format-19 here.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v clang-format-19 >/dev/null; then
    echo "no clang-format-19"
    exit 77
fi
mapfile -d '' -t files < <(find compiler runtime templates bench testdata -name '*.[ch]' -print0 | sort -z)
if [ "${1-}" = --fix ]; then
    exec clang-format-19 -i "${files[@]}"
fi
clang-format-19 --dry-run --Werror "${files[@]}"
