#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ceremony-world.sh KIND: makes the people, the CA and the signed plan of a ceremony in the working directory, silently.
#
#   backup     of the openssl CA in ca/ into acme.escrow, which is not there yet; bob's identity has a passphrase, which
#              stands in bob.pass
#   restore    of the complete acme.escrow into new.key and new.crt
#   drill      of the complete acme.escrow
#   again      a backup of it, which makes a new epoch
#   rehearsal  of a backup, with a CA that is made for it
#
# With the variable OPENSSH these, of omar and wanda, have an OpenSSH key instead: omar.key.
# With the variable ALTERNATE this one, such as wim, takes over from an absent witness.
# Besides those of world.sh: mick runs it, oscar types, wanda compares, vera keeps, audrey observes. Three of the five
# custodians restore; with the variable POLICY those whom it names do. olga and omar are the officers.
set -euo pipefail

kind=$1
policy=${POLICY:-3 of all}
custodians='alice bob carol dave erin'
# Those whom the policy names, when it names any.
test "${policy#* of all}" != "$policy" || custodians=$(grep -oE '[a-z]{3,}' <<<"$policy" | paste -sd ' ')

# The SHA-256 of what comes in: the plan's signatures cover people by that of their card, or of their key's wire form.
sum() {
    sha256sum | cut -c1-64
}
# Texts and names in the fixtures hold nothing that JSON would escape.
person() { # NAME FULL-NAME ROLE SITE
    local who=''
    if test -e "cards/$1.pub"; then
        who=$(printf ', "card": "cards/%s.pub", "sha256": "%s"' "$1" "$(cut -d' ' -f2 "cards/$1.pub" | base64 -d | sum)")
    elif test -e "cards/$1.card"; then
        who=$(printf ', "card": "cards/%s.card", "sha256": "%s", "identity": "%s.identity"' "$1" "$(sum <"cards/$1.card")" "$1")
    fi
    people+=("$(printf '{"name": "%s", "fullName": "%s", "roles": ["%s"], "site": "%s"' "$@")$who}")
}
medium() { # LABEL CONTENT HOLDER SITE
    media+=("$(printf '{"label": "%s", "content": "%s", "holder": "%s", "site": "%s"}' "$@")")
}
list() { # ITEM...
    printf '    %s' "$1"
    shift
    test $# = 0 || printf ',\n    %s' "$@"
}
plan() {
    local store purpose name people=() media=() officers='2 of (olga, omar, otto)'
    case $kind in
        backup) store='"store": "openssl-ca:ca",' officers='2 of (olga, omar)' ;;
        again) store='"store": "openssl-ca:ca",' purpose='"occasion": "scheduled",' ;;
        restore) store='"store": "pem:new.key,new.crt",' purpose='"purpose": "the old module is broken",' ;;
        drill) purpose='"purpose": "--yearly drill",' ;;
        rehearsal) officers='2 of (olga, omar)' ;;
    esac
    test "$kind" = rehearsal && kind=backup marked='"rehearsal": true,'
    test "$kind" = again && kind=backup
    person mick 'Mick Moore' administrator Lyon
    person oscar 'Oscar Otte' operator Lyon
    person wanda 'Wanda Weiss' witness Lyon
    person audrey 'Audrey Abel' auditor Nice
    person olga 'Olga Olsen' officer Lyon
    person omar 'Omar Haddad' officer Paris
    test "${officers#*otto}" = "$officers" || person otto 'Otto Oort' officer Nice
    person vera 'Vera Vogt' keeper Paris
    if test -n "${ALTERNATE:-}"; then
        person "$ALTERNATE" "${ALTERNATE^} Martin" witness Lyon
        people[-1]=${people[-1]/'"roles": ["witness"]'/'"roles": [], "alternateFor": ["witness"]'}
    fi
    for name in $custodians; do
        person "$name" "${name^} Martin" custodian "the home of $name"
    done
    medium USB-1 pkcs12 vera Paris
    medium USB-2 pkcs12 vera Nice
    cat <<END
{
  "format": "ca-escrow/v1/plan",
  "kind": "$kind",
  "title": "Escrow of the Acme Root CA", ${marked:-}
  "date": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "standby": "$(date -u -d '+8 days' +%Y-%m-%dT%H:%M:%SZ)",
  "place": "Lyon, room 2",
  "ca": {
    "certificate": "ca/cacert.pem",
    "sha256": "$(openssl x509 -in ca/cacert.pem -outform DER | sum)"
  },
  "escrow": {
    "path": "acme.escrow", ${store:-} ${purpose:-}
    "policy": "$policy",
    "officers": "$officers"
  },
  "tool": {"sha256": "$(sum <"$(command -v ca-escrow)")"},
  "people": [
$(list "${people[@]}")
  ],
  "media": [
$(list "${media[@]}")
  ]
}
END
}
# bob's identity, with a passphrase and enrolled anew.
passphrase() {
    rm bob.identity bob.card cards/bob.card
    echo 'a passphrase for bob, and for nobody else' >bob.pass
    ca-escrow identity create bob --passphrase-file bob.pass
    ca-escrow enrol challenge bob.card -i olga.identity --out asked.parcel
    ca-escrow answer asked.parcel -i bob.identity --passphrase-file bob.pass --yes --out bob.parcel
    rm cards/*-bob-* cards/bob-* 2>/dev/null || true
    ca-escrow enrol verify bob.parcel -i olga.identity --out cards
    rm asked.parcel bob.parcel
}
make() {
    case $kind in
        backup | rehearsal) world.sh ca && passphrase ;;
        *) world.sh complete && echo 'a passphrase for the restored key' >to.pass ;;
    esac
    for name in oscar wanda ${ALTERNATE:-}; do
        ca-escrow identity create "$name" --no-passphrase
        mv "$name.card" cards/
    done
    for name in ${OPENSSH:-}; do
        ssh-keygen -q -t ed25519 -N '' -f "$name.key" -C ''
        mv "$name.key.pub" "cards/$name.pub"
    done
    plan >plan.json
    ca-escrow sign plan.json -i olga.identity --yes
    if test -e omar.key; then
        ssh-keygen -Y sign -n ca-escrow-plan-v1 -f omar.key <plan.json >plan.json.omar.sig
        ca-escrow show --allowed-signers olga.card cards/omar.pub >officers.signers
    else
        ca-escrow sign plan.json -i omar.identity --yes
        ca-escrow show --allowed-signers olga.card omar.card >officers.signers
    fi
}
make >ceremony.log 2>&1 || {
    cat ceremony.log >&2
    exit 1
}
rm ceremony.log
