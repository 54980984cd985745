#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh: the tests, which are built already, in four processes side by side: whole ceremonies and transcripts, which wait
# for terminals and passphrases some of the time, other runs of the program, and the tests of the modules.
#
# Logs go to .build-tests/logs. What failed is said at the end: that is all that is seen of a long log.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

logs=.build-tests/logs
bundle=${TEST_BUNDLE:-$(swift build --show-bin-path)/ca-escrowPackageTests.xctest}
ceremonies='^CommandLineTests\.CeremonyTests'
transcripts='^CommandLineTests\.TranscriptTests'
program='^CommandLineTests\.'
declare -A running
status=0

run() { # NAME OPTION...
    local name=$1
    shift
    "$bundle" --testing-library swift-testing "$@" >"$logs/$name.log" 2>&1 &
    running[$name]=$!
}

mkdir -p "$logs"
run ceremonies --filter "$ceremonies"
run transcripts --filter "$transcripts"
run program --filter "$program" --skip "$ceremonies" --skip "$transcripts"
run modules --skip "$program"
for name in "${!running[@]}"; do
    wait "${running[$name]}"
    ended=$?
    echo "$name: $(grep -a 'Test run with' "$logs/$name.log" | tail -n 1 | tr -d '\n'), exit status $ended"
    if [ "$ended" != 0 ] || ! grep -aq 'Test run with [1-9][0-9]* tests\?.* passed' "$logs/$name.log"; then
        status=1
        grep -aE '✘|recorded an issue|error:|Fatal' "$logs/$name.log" | cut -c1-500 | tail -n 40
    fi
done
exit $status
