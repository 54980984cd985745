#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# guide.sh COMMAND: does what the reader of a guide types, in a person's directory, with the programs of ../bin, if any, in
# the place of others. GUIDE_SHELL: the words before COMMAND, where it is not bash that it is typed to.
#
# Read into a shell instead, it gives what is said there before the reader types:
#   asked [PROMPT ANSWER]...   what the next command will ask on its terminal; called again, the one after it; without
#                              anything, that one has no terminal
#   stands TEXT FOR            TEXT in the page is an example: the reader sees FOR on the screen and types that
set -euo pipefail

asked() {
    { (($# == 0)) || printf '%q ' "$@"; echo; } >>../asked
}
stands() {
    echo "$1 $2" >>../stands
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    command=$1
    PATH=$PWD/../bin:$PATH
    answers=()
    if [[ -s ../asked ]]; then
        eval "answers=($(head -n 1 ../asked))"
        sed -i 1d ../asked
    fi
    if [[ -e ../stands ]]; then
        while read -r text for; do
            command=${command//"$text"/"$for"}
        done <../stands
    fi
    read -ra shell <<<"${GUIDE_SHELL:-bash -o pipefail -c}"
    ((${#answers[@]})) || exec "${shell[@]}" "$command"
    exec answer.py "${answers[@]}" -- "${shell[@]}" "$command"
fi
