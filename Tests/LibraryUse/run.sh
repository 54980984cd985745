#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh: builds another program on the library's public face, and has it make a backup, an audit, a restore and a renewal.
#
# The people and the CA are made by the ca-escrow that is in PATH.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$here/../../.build-library-use

swift build --package-path "$here" --scratch-path "$scratch"
program=$(swift build --package-path "$here" --scratch-path "$scratch" --show-bin-path)/LibraryUse

world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
cd "$world"
PATH=$here/../../Tests/Tools:$PATH world.sh ca
mkdir -p renewed/private
cp ca/private/cakey.pem renewed/private/
openssl req -x509 -key renewed/private/cakey.pem -out renewed/cacert.pem -subj "/CN=Acme Root CA" -days 7300
ca-escrow show --allowed-signers olga.card omar.card >officers.signers
"$program" | sed 's/record: .*/record/; s/FilePath/file/; s/manifest.json/MANIFEST/' >said
sort -u said
for line in 'epoch waits for \[omar\]' 'audit: sound' 'accepted(alice)' 'accepted(bob)' 'record' \
    'reads:   SHA-256' 'published(' 'reads: renewed with the same key' \
    'renewal: certificatesAdded(waitingFor: \[omar\])'; do
    grep -q "$line" said || {
        echo "run.sh: it did not say: $line" >&2
        exit 1
    }
done
openssl pkey -in new.key -passin pass:'correct horse battery staple' -pubout >restored
openssl pkey -in ca/private/cakey.pem -pubout | cmp - restored
echo "the library was used: the key is back, and is the CA's"
