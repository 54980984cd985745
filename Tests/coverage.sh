#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# coverage.sh: which lines of the sources the tests reach, a table by module. The tests run in a build of their own,
# the program's with the program of that build.
#
# With --report, nothing is built or run again: the table is made of what the last run left in .build-coverage.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$PWD/.build-coverage
tools=$(dirname "$(readlink -f "$(command -v swift)")")
options=(--enable-code-coverage --scratch-path "$scratch")

if [ "${1:-}" != --report ]; then
    swift build --build-tests "${options[@]}"
    rm -rf "$scratch/profiles"
    mkdir -p "$scratch/profiles"
    bin=$(swift build --show-bin-path "${options[@]}")
    # Processes of one program add to a pool of eight files: thousands of files of a megabyte each would be left otherwise.
    LLVM_PROFILE_FILE="$scratch/profiles/%8m.profraw" PATH="$bin:$PWD/Tests/Tools:$PATH" \
        CA_ESCROW="$bin/ca-escrow" TEST_BUNDLE="$bin/ca-escrowPackageTests.xctest" Tests/run.sh ||
        echo "coverage.sh: some tests failed: what they did not reach is missing" >&2
fi

bin=$(swift build --show-bin-path "${options[@]}")
# A program that was killed may leave a broken file.
"$tools/llvm-profdata" merge --failure-mode=all -o "$scratch/all.profdata" "$scratch"/profiles/*.profraw
"$tools/llvm-cov" export -summary-only -instr-profile "$scratch/all.profdata" \
    "$bin/ca-escrowPackageTests.xctest" -object "$bin/ca-escrow" |
    python3 -c '
import collections, json, sys
counts = collections.defaultdict(lambda: [0, 0])
for file in json.load(sys.stdin)["data"][0]["files"]:
    path = file["filename"].removeprefix(sys.argv[1] + "/Sources/")
    if path != file["filename"] and path.endswith(".swift"):
        for row in (path.split("/")[0], "all"):
            counts[row][0] += file["summary"]["lines"]["count"]
            counts[row][1] += file["summary"]["lines"]["covered"]
for row in sorted(counts, key=lambda row: (row == "all", row.lower())):
    lines, covered = counts[row]
    print(f"{row:24}{covered:8,} of {lines:8,}{100 * covered / lines:8.1f} %")
' "$PWD"
