#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# reports.sh: runs every command that has --json with it, in a world of its own below the working directory.
#
# Leaves what each printed as out/NUMBER.json, and what it said to people as out/NUMBER.err; prints its exit status, the
# command and the number. The world: acme.escrow with all that custodians, officers and an auditor add; ca.der is the CA's
# key, pass the passphrase of asked.key, which opens what is released.
set -uo pipefail

number=0
report() { # WORD... : a command without 'ca-escrow' and '--json'
    local status=0
    number=$((number + 1))
    ca-escrow "$@" --json >"out/$number.json" 2>"out/$number.err" || status=$?
    case $1 in
        ceremony | enrol | envelope | policy) echo "$status $1 $2 $number" ;;
        *) echo "$status $1 $number" ;;
    esac
}
quietly() {
    "$@" >>world.log 2>&1
}

mkdir out
world.sh ca
openssl pkey -in ca/private/cakey.pem -outform DER -out ca.der
ceremony-plan.py --people >plan.json
report ceremony check plan.json
report ceremony preflight plan.json
report sign plan.json -i olga.identity --yes
quietly ca-escrow sign plan.json -i omar.identity --yes
quietly ceremony.py --stop 'Sign in' ca-escrow ceremony run plan.json
report ceremony verify plan.ceremony

report policy check '2 of (alice, bob)' --card cards --officers olga
report enrol verify cards -i olga.identity
touch cards/.DS_Store
backup=(backup acme.escrow --from openssl-ca:ca --yes -i olga.identity)
report "${backup[@]}" --policy '3 of all' --officers '2 of (olga, omar, otto)' --card cards
report "${backup[@]}"
cp -r acme.escrow copy.escrow
report sign acme.escrow -i omar.identity --yes --out omar.parcel
report "${backup[@]}"
ca-escrow show --allowed-signers olga.card omar.card >officers.signers

report collect copy.escrow omar.parcel alice.card alice.identity
report check acme.escrow -i bob.identity
report check $'no\nescrow' -i bob.identity
manifest=$(sha256sum acme.escrow/0001-*/manifest.json | cut -c1-64)
report acknowledge acme.escrow -i bob.identity --manifest "$manifest" --out bob.parcel
report acknowledge acme.escrow -i bob.identity
quietly ca-escrow acknowledge acme.escrow -i alice.identity --manifest "$manifest"
quietly ca-escrow identity create zoe --no-passphrase
quietly ca-escrow challenge acme.escrow -i zoe.identity
report prove acme.escrow -i bob.identity
report prove acme.escrow -i bob.identity

opening=(acme.escrow --signers officers.signers --certificate ca/cacert.pem -i bob.identity -i carol.identity)
report drill "${opening[@]}" -i dave.identity
echo 'a passphrase for one restore' >pass
report request acme.escrow --purpose 'It burnt.' --destination Lyon --key asked.key -i olga.identity \
    --passphrase-file request=pass
cp asked.key kept.key
quietly ca-escrow sign acme.escrow -i omar.identity --yes
request=$(sha256sum acme.escrow/0001-*/requests/olga-*.json | cut -c1-64)
report release acme.escrow -i alice.identity --confirm "$request" --out alice.release
report restore "${opening[@]}" --request "${request:0:8}" --key asked.key --release alice.release \
    --passphrase-file request=pass --to pem:new.key,new.crt --plain-key

ssh-keygen -q -t ed25519 -N '' -C wim -f wim
report show acme.escrow acme.escrow/0001-*/{manifest.json,*.sig} acme.escrow/0001-*/*/*.json ./*.card ./*.identity \
    ./*.parcel alice.release wim.pub plan.json
report show --allowed-signers olga.card --require 1
envelope-code.py acme.escrow/0001-* share erin >typed
report envelope check acme.escrow typed nothing
report audit acme.escrow copy.escrow --signers officers.signers --ceremony plan.ceremony
report status . --signers officers.signers --max-drill-age 365d
report sign acme.escrow/0001-*/manifest.json -i omar.identity
