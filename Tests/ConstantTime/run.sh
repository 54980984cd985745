#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds Check and runs it under memcheck: one line a routine, status 1 when a decision depends on a secret.
#
# A copy without debug information is run, since valgrind 3.19 stops at that of Swift 6.3; symbols stay. What memcheck says
# of each decision lies in .build/memcheck.log afterwards.
set -euo pipefail
cd "$(dirname "$0")"

swift build -c release --static-swift-stdlib -Xswiftc -enable-testing --product Check
strip -g -o .build/check .build/release/Check
valgrind --quiet --tool=memcheck --error-limit=no --num-callers=12 --log-file=.build/memcheck.log .build/check
