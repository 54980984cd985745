#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make.sh PROGRAM DIR: the manual pages of PROGRAM into DIR, and its completions into DIR/completions.
set -euo pipefail
here=$(dirname "$0")
program=$(realpath "$1")
directory=$2

# The day of the release, unless the caller says which.
day=$(sed -n 's/^ -- .*>  //p' "$here/../../debian/changelog" | head -n 1)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -d "$day" +%s)} python3 "$here/manual.py" "$program" "$directory"

# ArgumentParser completes nothing where it is told nothing of a value; nearly all values here are files.
mkdir -p "$directory/completions"
"$program" --generate-completion-script bash |
    sed '1{/^#!/d}; s/^complete -o filenames /complete -o default -o filenames /' >"$directory/completions/ca-escrow"
"$program" --generate-completion-script zsh | sed "s/^\( *'.*:\)'$/\1_files'/" >"$directory/completions/_ca-escrow"
"$program" --generate-completion-script fish |
    sed "s/ -rfka ''$/ -rF/; s/^complete -c 'ca-escrow' -f$/complete -c 'ca-escrow' -n __fish_use_subcommand -f/" \
        >"$directory/completions/ca-escrow.fish"
