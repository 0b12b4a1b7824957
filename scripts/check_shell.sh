#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every shell script is without faults that shellcheck knows. Exit 77: there is no shellcheck here.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v shellcheck >/dev/null; then
    echo "no shellcheck"
    exit 77
fi
mapfile -d '' -t files < <(find .ci scripts bench compiler runtime -name '*.sh' -print0 | sort -z)
exec shellcheck -x -S warning .ci/run docs/pipelines/pre-commit "${files[@]}"
