#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# audit.sh [NUMBER...]: what an audit of 100, 300 and 1,000 escrows costs, with the ca-escrow that the PATH finds.
set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
numbers=("$@")
test $# -gt 0 || numbers=(100 300 1000)
folder=$(mktemp -d "${TMPDIR:-/tmp}/ca-escrow-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

largest=$(printf '%s\n' "${numbers[@]}" | sort -n | tail -n 1)
printf 'making %s escrows of 5 custodians, with receipts and proofs (24 by ca-escrow, then copies)\n' "$largest"
"$tools/make-escrows.sh" "$largest"
sizes=()
for number in "${numbers[@]}"; do
    mkdir "$number"
    for ((index = 0; index < number; index++)); do
        ln -s "$folder/escrows/ca-$index.escrow" "$number/"
    done
    sizes+=("$number" "$number")
done

# No --certificate, which is one CA's: the verdict is NOT FULLY CHECKED, the status 1.
for options in --quiet --json '--quiet --report page.html'; do
    printf '\naudit %s\n' "$options"
    # shellcheck disable=SC2086
    "$tools/measure.py" 1 page.html "${sizes[@]}" -- \
        ca-escrow audit --signers officers.signers --pkcs12 escrows $options
done
printf '\nthe page of the last: %s bytes\n' "$(wc -c <page.html)"
