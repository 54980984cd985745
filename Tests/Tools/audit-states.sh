#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# audit-states.sh FOLDER: makes escrows in many states, one directory each, for two auditors to be held against one another.
#
# What people may do is done by the program, with the dates of the last month; what nobody may do is forged. A directory
# holds acme.escrow, its key files, and what an auditor brings along. Its file `options` has the options of an audit, a
# line for each that is compared; without it there is one, with those that everybody would give.
set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=Tests/Tools/states-of-epochs.sh
. "$tools/states-of-epochs.sh"
# shellcheck source=Tests/Tools/states-of-documents.sh
. "$tools/states-of-documents.sh"

root=$1
mkdir "$root"
root=$(cd "$root" && pwd)

day() { date -u -d "$1 days" +%FT%TZ; }
make() { # NAME BASE: a state that begins as another one
    cp -r "$root/$2" "$root/$1"
    cd "$root/$1"
    rm -f options
}
epoch() { echo acme.escrow/000"$1"-*; }
digest() { sha256sum "$1"/manifest.json | cut -c1-64; }
audits() { echo "--certificate ca/cacert.pem $*" >>options; }
backup() { ca-escrow backup acme.escrow --from openssl-ca:ca --yes "$@"; }
sign() { ca-escrow sign acme.escrow --yes "$@"; }
next() { # DAY [OPTION…]: a new epoch with a new secret, approved; $confirmed is who is new in it
    backup --occasion scheduled --at "$(day "$1")" -i olga.identity "${@:2}"
    # shellcheck disable=SC2086
    sign --at "$(day "$1")" -i omar.identity ${confirmed:+--confirm $confirmed}
}
acknowledge() { # DAY CUSTODIAN…
    for name in "${@:2}"; do
        ca-escrow acknowledge acme.escrow -i "$name.identity" --at "$(day "$1")" --manifest \
            "$(digest "$(echo acme.escrow/000?-* | tr ' ' '\n' | tail -1)")"
    done
}
suspend() { ca-escrow suspend acme.escrow "$2" --because "$3" -i "${4:-olga}.identity" --at "$(day "$1")"; }
reinstate() { # DAY NAME: not yet approved
    ca-escrow reinstate acme.escrow "$2" --reason why -i olga.identity --yes --at "$(day "$1")"
}
void() { ca-escrow void acme.escrow --epoch "$2" --reason why -i olga.identity --yes --at "$(day "$1")"; }

begin() {
    mkdir "$root/first" && cd "$root/first"
    for name in alice bob carol dave olga omar otto oscar wanda mallory; do
        ca-escrow identity create "$name" --no-passphrase
    done
    mkdir new cards ca ca/private
    for name in bob omar; do ca-escrow identity create "$name" --no-passphrase --out new; done
    cp alice.card bob.card carol.card olga.card omar.card otto.card cards
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca/private/cakey.pem \
        -out ca/cacert.pem -subj "/CN=Acme Root CA" -days 3650
    ca-escrow backup acme.escrow --from openssl-ca:ca --policy '2 of (alice, bob, carol)' \
        --officers '2 of (olga, omar, otto)' --card cards -i olga.identity --at "$(day -30)"
    sign --at "$(day -30)" -i omar.identity
    ca-escrow show --allowed-signers olga.card omar.card >officers.signers
    ca-escrow show --allowed-signers --auditors wanda.card >>officers.signers
    acknowledge -29 alice bob carol
    basename "$(epoch 1)" >first.epoch
}

# What nobody may do, or not so.
forge() { # DAY STATEMENTS PERSON…: an epoch after the newest
    # shellcheck disable=SC2046
    forge.py manifest acme.escrow "m['created'] = time($1)
$2" $(people "${@:3}")
}
forge_first() { # STATEMENTS PERSON…: another epoch 1 in the place of the one that is there
    local old
    old=$(epoch 1)
    # shellcheck disable=SC2046
    forge.py manifest acme.escrow "m['epoch'] = 1; del m['previous']; $1" $(people "${@:2}")
    rm -r "$old"
}
people() { printf '%s.identity ' "$@"; }
rotation() { # NAME: without that officer
    echo "m['approval']['officers'] = [o for o in m['approval']['officers'] if o['name'] != '$1']"
}
box() { echo "m['shares'][$1 - 1].update(box=m['shares'][0]['box'], sealedIn=m['epoch'])"; }
place() { # an epoch: first, second, third, or a file with its digest
    case $1 in
    first) echo "acme.escrow/$(cat first.epoch)" ;;
    second) epoch 2 ;;
    third) epoch 3 ;;
    *) echo acme.escrow/*-"$(cut -c1-8 "$1")" ;;
    esac
}
record() { # WHERE KIND STATEMENTS PERSON…
    # shellcheck disable=SC2046
    forge.py document "$(place "$1")" "$2" "$3" $(people "${@:4}")
}
suspend_in() { record "$1" suspension "d.update(because='stolen', created=time($2), custodian='$3', officer='olga')" olga; }
restored() { forge.py rebuilt "$(place first)" restore "d.update(destination='d', $1)" alice.identity bob.identity; }
prove_receipt() { forge.py proven "$(place "$1")" receipt "d.update($2)" "$3.identity"; }

begin
successions
for group in broken_rules drafts forks suspensions dates anchors requests; do $group & done
for job in $(jobs -p); do wait "$job"; done
receipts; unreadable # some begin as states of other groups
