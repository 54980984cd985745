#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh [test|acceptance]: the tests, which are built already; both sets unless one is named. Each set runs in processes
# side by side.
#
# test: the modules, the transcripts of the program, README's session, attacks.
# acceptance: what people and other software do: whole ceremonies and their transcripts, guides to the letter, a second
# auditor and restorer, envelopes and papers in a browser, files by Java, Windows, NSS and others, keys in files, NSS
# databases and tokens, packaging.
#
# Logs go to .build-tests/logs. What failed is said at the end: that is all that is seen of a long log.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

logs=.build-tests/logs
bundle=${TEST_BUNDLE:-$(swift build --show-bin-path)/ca-escrowPackageTests.xctest}
program='^CommandLineTests\.'
transcripts='^CommandLineTests\.TranscriptTests'
ceremonies='^CommandLineTests\.(CeremonyTests|TranscriptTests/ceremony)|^CeremonyTests\.(Absence|LiveCeremony|People)Tests'
others='^(CommandLineTests\.(Conformance|Envelope|Guide|Packaging|SecondAuditor|Specification|StorePage)Tests'
others+='|CeremonyTests\.PaperTests'
others+='|CertificateAuthorityTests\.(BouncyCastle|FileStore|ForeignFile|KeyFileMatrix|NSSDatabase|NSSRehearsal|Ownership)Tests'
others+='|CertificateAuthorityTests\.(PKCS12Reader|PKCS12Windows|Token)Tests)'
declare -A running
status=0

run() { # NAME OPTION...
    local name=$1
    shift
    "$bundle" --testing-library swift-testing "$@" >"$logs/$name.log" 2>&1 &
    running[$name]=$!
}

finish() {
    local name ended
    for name in "${!running[@]}"; do
        wait "${running[$name]}"
        ended=$?
        echo "$name: $(grep -a 'Test run with' "$logs/$name.log" | tail -n 1 | tr -d '\n'), exit status $ended"
        if [ "$ended" != 0 ] || ! grep -aq 'Test run with [1-9][0-9]* tests\?.* passed' "$logs/$name.log"; then
            status=1
            grep -aE '✘|recorded an issue|error:|Fatal' "$logs/$name.log" | cut -c1-500 | tail -n 40
        fi
    done
    running=()
}

mkdir -p "$logs"
if [ "${1:-test}" = test ]; then
    run transcripts --filter "$transcripts" --skip "$ceremonies"
    run program --filter "$program" --skip "$transcripts" --skip "$ceremonies" --skip "$others"
    run modules --skip "$program" --skip "$ceremonies" --skip "$others"
    finish
fi
if [ "${1:-acceptance}" = acceptance ]; then
    run ceremonies --filter "$ceremonies"
    run others --filter "$others"
    finish
fi
exit $status
