#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# unprivileged.sh COMMAND...: runs COMMAND so that modes of files and limits of locked memory bind it, even as root.
set -euo pipefail

test "$(id -u)" = 0 || exec "$@"
without=-dac_override,-dac_read_search,-fowner,-ipc_lock,-sys_resource
exec setpriv --bounding-set "$without" --inh-caps "$without" "$@"
