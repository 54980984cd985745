#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# store-matrix.sh KIND...: in an empty working directory, escrows a CA from a store of each kind and restores it into a
# new one of every kind, with RSA-3072 and P-384 side by side. In each the kind's own software must show the same public
# key and the same certificate. Prints a line for each pair and their number; exit status 1 when any of them differs.
#
# store-matrix.sh --keys KIND...: a CA with a key of every kind that is escrowed, out of PEM files into a store of each kind:
# the same key and certificate, or the reason for which the store is refused before anybody has opened a share.
#
# A kind of store is its name in `store`, with DIR for the folder it may use, the options it needs to be read and
# written, and two functions:
#   KIND_make TYPE DIR   makes a CA by the kind's own software, TYPE being rsa or ec; with TYPE empty, whatever must be
#                        there before a restore
#   KIND_show DIR        prints the public key of the private one and then the certificate, both in PEM, by the kind's
#                        own software
# shellcheck disable=SC2317 # the functions are called by the names of the kinds
set -euo pipefail

declare -A store=(
    [pem]='pem:DIR/ca.key,DIR/ca.crt'
    [p12]='p12:DIR/ca.p12'
    [openssl-ca]='openssl-ca:DIR'
    [easy-rsa]='easy-rsa:DIR'
    [step-ca]='step-ca:DIR#intermediate'
    [softhsm]='pkcs11:token=DIR;object=ca?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=pin'
    [nss]='nss:DIR?nickname=ca'
)
# Keys in files are written without encryption, but for PKCS#12.
declare -A read_with=(
    [p12]='--passphrase-file from=password' [step-ca]='--passphrase-file from=password'
    [nss]='--passphrase-file from=password'
)
declare -A write_with=(
    [p12]='--passphrase-file to=password' [nss]='--passphrase-file to=password'
    [softhsm]=' ' # its PIN is in the store's name
)

# new_key TYPE: what `openssl req` needs to make a key.
new_key() {
    case $1 in
        rsa) echo -newkey rsa:3072 -nodes ;;
        ec) echo -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes ;;
        ed*) echo -newkey "$1" -nodes ;;
        rsa-*) echo -newkey "rsa:${1#rsa-}" -nodes ;;
        *) echo -newkey ec -pkeyopt "ec_paramgen_curve:$1" -nodes ;;
    esac
}
# self_signed TYPE KEY CERTIFICATE
self_signed() {
    # shellcheck disable=SC2046 # several words are meant
    openssl req -x509 $(new_key "$1") -keyout "$2" -out "$3" -subj "/O=Acme/CN=Acme $1 CA" -days 365
}
# show_pem KEY CERTIFICATE
show_pem() {
    openssl pkey -in "$1" -passin file:password -pubout
    openssl x509 -in "$2"
}

pem_make() { test "$1" = empty || self_signed "$1" "$2/ca.key" "$2/ca.crt"; }
pem_show() { show_pem "$1/ca.key" "$1/ca.crt"; }

p12_make() {
    test "$1" != empty || return 0
    self_signed "$1" "$2.key" "$2.crt"
    openssl pkcs12 -export -inkey "$2.key" -in "$2.crt" -passout file:password -out "$2/ca.p12"
}
p12_show() {
    openssl pkcs12 -in "$1/ca.p12" -passin file:password -nocerts -nodes | openssl pkey -pubout
    openssl pkcs12 -in "$1/ca.p12" -passin file:password -clcerts -nokeys | openssl x509
}

openssl-ca_make() {
    test "$1" != empty || return 0
    mkdir "$2/private"
    self_signed "$1" "$2/private/cakey.pem" "$2/cacert.pem"
}
openssl-ca_show() { show_pem "$1/private/cakey.pem" "$1/cacert.pem"; }

easy-rsa_make() {
    local algorithm=rsa
    test "$1" != empty || return 0
    test "$1" = rsa || algorithm=ec
    make-cadir "$2/ca"
    mv "$2"/ca/* "$2"
    (
        cd "$2"
        export EASYRSA_BATCH=1 EASYRSA_ALGO=$algorithm EASYRSA_KEY_SIZE=3072 EASYRSA_CURVE=secp384r1
        ./easyrsa init-pki
        EASYRSA_REQ_CN="Acme $1 CA" ./easyrsa build-ca nopass
    )
}
easy-rsa_show() { show_pem "$1/pki/private/ca.key" "$1/pki/ca.crt"; }

# step itself is not in Debian: its layout and its format of keys, by openssl.
step-ca_make() {
    test "$1" != empty || return 0
    mkdir -p "$2"/{config,secrets,certs}
    self_signed "$1" "$2.root" "$2/certs/root_ca.crt"
    # shellcheck disable=SC2046 # several words are meant
    openssl req $(new_key "$1") -keyout "$2.key" -out "$2.csr" -subj "/O=Acme/CN=Acme $1 Intermediate CA"
    echo basicConstraints=critical,CA:TRUE,pathlen:0 >"$2.extensions"
    openssl x509 -req -in "$2.csr" -CA "$2/certs/root_ca.crt" -CAkey "$2.root" -CAcreateserial -days 365 \
        -extfile "$2.extensions" -out "$2/certs/intermediate_ca.crt"
    if test "$1" = rsa; then
        openssl rsa -aes256 -traditional -in "$2.key" -passout file:password -out "$2/secrets/intermediate_ca_key"
    else
        openssl ec -aes256 -in "$2.key" -passout file:password -out "$2/secrets/intermediate_ca_key"
    fi
    echo '{"address": ":443"}' >"$2/config/ca.json"
}
step-ca_show() { show_pem "$1/secrets/intermediate_ca_key" "$1/certs/intermediate_ca.crt"; }

# The token has the name of the folder.
softhsm_make() {
    local name=rsa:3072
    token.sh init "$2"
    test "$1" != empty || return 0
    test "$1" = rsa || name=EC:secp384r1
    token.sh key "$2" ca 01 "$name" --extractable
    token.sh certify "$2" ca 01 "/O=Acme/CN=Acme $1 CA"
}
# A token shows no private key: it signs, and the public key verifies.
softhsm_show() {
    local mechanism=ECDSA
    case $1 in rsa-*) mechanism=RSA-PKCS ;; esac
    token.sh pkcs11-tool "$1" --read-object --type cert --label ca --output-file "$1/certificate" >&2
    # pkcs11-tool cannot read a public key on a curve, and p11tool none on a curve that is not NIST's.
    p11tool --provider /usr/lib/softhsm/libsofthsm2.so --export "pkcs11:token=$1;object=ca;type=public" \
        --outfile "$1/public" >&2 || openssl x509 -in "$1/certificate" -pubkey -noout >"$1/public"
    head -c 32 /dev/urandom >"$1/data"
    token.sh pkcs11-tool "$1" --sign --mechanism "$mechanism" --signature-format openssl --label ca \
        --input-file "$1/data" --output-file "$1/signature" >&2
    openssl pkeyutl -verify -pubin -inkey "$1/public" -in "$1/data" -sigfile "$1/signature" >&2 &&
        openssl pkey -pubin -in "$1/public" && openssl x509 -in "$1/certificate"
}

nss_make() {
    local options='-k rsa -g 3072'
    certutil -N -d "sql:$2" -f password
    test "$1" != empty || return 0
    test "$1" = rsa || options='-k ec -q secp384r1'
    # It asks whether this is a CA, for the length of the path, and whether the extension is critical.
    # shellcheck disable=SC2086 # several words are meant
    printf 'y\n\ny\n' | certutil -S -d "sql:$2" -f password -z noise -n ca -s "CN=Acme $1 CA,O=Acme" -m 1 -x -2 \
        -t CT,C,C -v 12 $options
}
nss_show() {
    pk12util -o "$1/shown.p12" -d "sql:$1" -n ca -k password -w password >&2
    openssl pkcs12 -in "$1/shown.p12" -passin file:password -nocerts -nodes | openssl pkey -pubout
    certutil -L -d "sql:$1" -n ca -a | openssl x509
}

# pairs TYPE KIND...: in the working directory; a line for each pair.
pairs() {
    local type=$1 source target from to failed=0
    shift
    for source in "$@"; do
        from=$type-$source
        mkdir "$from"
        # Options are several words.
        # shellcheck disable=SC2086
        {
            "${source}_make" "$type" "$from"
            "${source}_show" "$from" >"$from.shown"
            ca-escrow backup "$from.escrow" --from "${store[$source]//DIR/$from}" ${read_with[$source]-} \
                --policy '2 of (alice, bob, carol)' --officers '1 of (olga)' --card cards -i olga.identity
        } >>log 2>&1 || {
            cat log >&2
            return 1
        }
        # The certificate is the last thing that is shown.
        openssl x509 -in "$from.shown" -out "$from.certificate"
        for target in "$@"; do
            to=$type-$source-$target
            mkdir "$to"
            # shellcheck disable=SC2086
            if "${target}_make" empty "$to" >log 2>&1 &&
                ca-escrow restore "$from.escrow" --to "${store[$target]//DIR/$to}" ${write_with[$target]---plain-key} \
                    --signers olga.signers --certificate "$from.certificate" -i alice.identity -i carol.identity \
                    >>log 2>&1 &&
                "${target}_show" "$to" >"$to.shown" 2>>log && cmp "$from.shown" "$to.shown" >>log 2>&1; then
                echo "$type $source $target: the same key and certificate"
            else
                echo "$type $source $target: DIFFERENT"
                cat log >&2
                failed=1
            fi
        done
    done
    return "$failed"
}

# keys KIND...: in the working directory; a line for each kind of key and of store.
keys() {
    local type target to failed=0
    for type in rsa-2048 rsa-4096 P-224 P-256 P-521 secp256k1 brainpoolP384r1 ed25519 ed448; do
        mkdir "$type"
        # shellcheck disable=SC2086 # options are several words
        {
            pem_make "$type" "$type"
            pem_show "$type" >"$type.shown"
            ca-escrow backup "$type.escrow" --from "pem:$type/ca.key,$type/ca.crt" \
                --policy '2 of (alice, bob, carol)' --officers '1 of (olga)' --card cards -i olga.identity
        } >>log 2>&1 || {
            cat log >&2
            return 1
        }
        for target in "$@"; do
            to=$type-$target
            mkdir "$to"
            # shellcheck disable=SC2086
            if ! "${target}_make" empty "$to" >log 2>&1; then
                echo "$type $target: NOT MADE"
                failed=1
            elif ca-escrow restore "$type.escrow" --to "${store[$target]//DIR/$to}" \
                ${write_with[$target]---plain-key} --signers olga.signers --certificate "$type/ca.crt" \
                -i alice.identity -i carol.identity >>log 2>&1; then
                if "${target}_show" "$to" >"$to.shown" 2>>log && cmp "$type.shown" "$to.shown" >>log 2>&1; then
                    echo "$type $target: the same key and certificate"
                else
                    echo "$type $target: DIFFERENT"
                    cat log >&2
                    failed=1
                fi
            elif grep -q accepted log; then
                echo "$type $target: REFUSED TOO LATE"
                cat log >&2
                failed=1
            else
                echo "$type $target: $(sed -n 's/^ca-escrow: error: //p' log)"
            fi
        done
    done
    return "$failed"
}

{
    world.sh people
    ca-escrow show --allowed-signers olga.card >olga.signers
    echo correct horse battery >password
    echo 1234 >pin
    head -c 64 /dev/urandom >noise
} 2>log

if test "$1" = --keys; then
    export SOFTHSM2_CONF=$PWD/softhsm2.conf
    keys "${@:2}"
    exit
fi
running=()
for type in rsa ec; do
    mkdir "$type"
    cp -r cards ./*.identity olga.signers password pin noise "$type"
    (
        cd "$type"
        export SOFTHSM2_CONF=$PWD/softhsm2.conf
        pairs "$type" "$@"
    ) >"$type.lines" 2>"$type.errors" &
    running+=($!)
done
failed=0
for each in "${running[@]}"; do
    wait "$each" || failed=1
done
cat rsa.errors ec.errors >&2
cat rsa.lines ec.lines
echo "$(cat rsa.lines ec.lines | wc -l) pairs"
exit "$failed"
