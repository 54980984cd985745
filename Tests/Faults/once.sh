#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# once.sh COMMAND...: runs COMMAND, the first time under strace with $FAULT_OPTIONS.
set -euo pipefail

# shellcheck disable=SC2086 # several words are meant
mkdir "$FAULT_ONCE" 2>/dev/null && exec strace -qq -o "$FAULT_LOG" $FAULT_OPTIONS -- "$@"
exec "$@"
