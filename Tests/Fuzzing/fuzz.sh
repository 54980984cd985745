#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs fuzz targets: fuzz.sh build, fuzz.sh run TARGET SECONDS, fuzz.sh all SECONDS.
#
# What is found lies in Found/TARGET afterwards, for git and for the tests; the corpus lies in .build-corpus, for the next
# run. FUZZ_BIN names a folder with targets that are built already.
set -euo pipefail
cd "$(dirname "$0")"

bin=${FUZZ_BIN:-.build/release}
corpus=${FUZZ_CORPUS:-.build-corpus}
logs=${FUZZ_LOGS:-.build-logs}
jobs=${FUZZ_JOBS:-2}
mapfile -t targets < <(cd Targets && printf '%s\n' *)

# `--sanitize=address` as well would switch the coverage off: the compiler is told of both.
build() {
    swift build -c release --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
}

# The longest input in bytes; what is longer is cut off by the mutator.
longest() {
    case $1 in
        Manifest | Parcel | State) echo 65536 ;;
        PKCS12 | Certificates | Keys | Plan | Transcript) echo 16384 ;;
        *) echo 4096 ;;
    esac
}

dictionary() {
    case $1 in
        Plan) echo plan ;;
        Store) echo stores ;;
        Signers | Policy | Envelope) echo words ;;
        Certificates | Keys | PKCS12 | Signature | State) echo binary ;;
        *) echo json ;;
    esac
}

# The crash reporter of Swift hangs for ever under the address sanitizer; the sanitizer's quarantine would fill the memory
# that the limit is for.
run() {
    local target=$1 seconds=$2
    mkdir -p "$corpus/$target" "Found/$target" "$logs"
    SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=quarantine_size_mb=16 \
        "$bin/Fuzz$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256 \
        -max_len="$(longest "$target")" -dict="Dictionaries/$(dictionary "$target").dict" -print_final_stats=1 \
        -artifact_prefix="Found/$target/" "$corpus/$target" "Seeds/$target" "Found/$target" >"$logs/$target.log" 2>&1 ||
        {
            echo "$target: found something:"
            grep -hE 'Fatal error|SUMMARY|ERROR: |Test unit written' "$logs/$target.log" | head -5
            return 1
        } >&2
    rmdir --ignore-fail-on-non-empty "Found/$target"
}

stat() {
    sed -n "s/^stat::$2: *//p" "$logs/$1.log" | tail -1
}

# The figures of the last run of each target that has any.
table() {
    local target coverage
    printf '%-13s %12s %9s %7s %9s %7s %9s\n' target executions exec/s edges features corpus 'peak MiB'
    for target in "${targets[@]}"; do
        [ -n "$(stat "$target" number_of_executed_units 2>/dev/null)" ] || continue
        coverage=$(grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$logs/$target.log" | tail -1 | tr -dc '0-9 ')
        # shellcheck disable=SC2086  # three numbers
        printf '%-13s %12s %9s %7s %9s %7s %9s\n' "$target" "$(stat "$target" number_of_executed_units)" \
            "$(stat "$target" average_exec_per_sec)" $coverage "$(stat "$target" peak_rss_mb)"
    done
}

# Some at a time; none is begun after the first finding.
all() {
    local target failed=0
    rm -rf "$logs"
    for target in "${targets[@]}"; do
        if (($(jobs -pr | wc -l) >= jobs)); then
            wait -n || failed=1
        fi
        ((failed == 0)) || break
        run "$target" "$1" &
    done
    while (($(jobs -pr | wc -l) > 0)); do
        wait -n || failed=1
    done
    table
    return "$failed"
}

case ${1-} in
    build) build ;;
    run)
        [ -x "$bin/Fuzz${2:?a target: ${targets[*]}}" ] || build
        run "$2" "${3:-60}"
        table | grep -E "^(target|$2) "
        ;;
    all)
        all "${2:-60}"
        ;;
    table) table ;;
    *)
        echo "usage: fuzz.sh build | run TARGET SECONDS | all SECONDS | table" >&2
        exit 64
        ;;
esac
