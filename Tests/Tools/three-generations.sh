#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# three-generations.sh [--windows] KEY DIR: makes a CA that was renewed twice, and says nothing.
#
# KEY is what openssl genpkey takes for -algorithm: RSA, or the name of a curve such as P-384. In DIR:
#   first/  second/  third/   the CA as openssl ca keeps it: at first, renewed with the same key, with a new key; each has
#                             only its newest key and certificate, as openssl leaves them
#   all.p12                   all keys and certificates in one file, passphrase in all.pass
#   keys.sha256  certificates.sha256   what a whole restore has, newest first: of the DER of the public key and certificate
# --windows adds what Certificate Services writes: CA Version (V0.0, V1.0, V2.2) and the hash of the certificate before.
set -euo pipefail

windows=
if test "$1" = --windows; then
    windows=yes
    shift
fi
key=$1
dir=$2
mkdir "$dir"

new_key() {
    case $key in
    RSA) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$1" ;;
    *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$key" -out "$1" ;;
    esac
}

# issue KEY CERTIFICATE YEAR INDEX [BEFORE]: self-signed, valid from YEAR; openssl req takes no date, openssl ca does.
issue() {
    local work
    work=$(mktemp -d)
    cat >"$work/ca.cnf" <<-END
		[ca]
		default_ca = it
		[it]
		database = $work/index.txt
		serial = $work/serial
		new_certs_dir = $work
		default_md = sha384
		policy = any
		x509_extensions = v3
		[any]
		commonName = supplied
		[v3]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
	END
    if test -n "$windows"; then
        echo "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:$4" >>"$work/ca.cnf"
        if test $# = 5; then
            echo "1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCT:$(openssl x509 -in "$5" -outform DER | sha1sum | cut -c1-40)" \
                >>"$work/ca.cnf"
        fi
    fi
    touch "$work/index.txt"
    printf '%02X\n' $(($4 % 65536 + 1)) >"$work/serial"
    openssl req -new -key "$1" -subj '/CN=Acme Issuing CA' -out "$work/csr"
    openssl ca -batch -notext -selfsign -config "$work/ca.cnf" -keyfile "$1" -in "$work/csr" -out "$2" \
        -startdate "${3}0101000000Z" -enddate "$(($3 + 20))0101000000Z" 2>"$work/log" || {
        cat "$work/log" >&2
        exit 1
    }
    rm -r "$work"
}

(
    cd "$dir"
    mkdir -p first/private second/private third/private
    new_key first/private/cakey.pem
    cp first/private/cakey.pem second/private/cakey.pem
    new_key third/private/cakey.pem
    issue first/private/cakey.pem first/cacert.pem 2020 0
    # Certificate Services leaves the beginning where it was when it renews with the same key.
    issue second/private/cakey.pem second/cacert.pem "$(test -n "$windows" && echo 2020 || echo 2022)" 1 first/cacert.pem
    issue third/private/cakey.pem third/cacert.pem 2024 $((2 * 65536 + 2)) second/cacert.pem

    # openssl pkcs12 -export takes one key; keytool puts several into one file.
    echo 'correct horse battery staple' >all.pass
    for file in third first; do
        openssl pkcs12 -export -inkey $file/private/cakey.pem -in $file/cacert.pem -name "$file" -passout file:all.pass \
            -out $file.p12
        keytool -importkeystore -noprompt -srckeystore $file.p12 -srcstoretype PKCS12 -srcstorepass:file all.pass \
            -destkeystore all.p12 -deststoretype PKCS12 -deststorepass:file all.pass >/dev/null 2>&1
        rm $file.p12
    done
    keytool -importcert -noprompt -alias second -file second/cacert.pem -keystore all.p12 -storepass:file all.pass \
        >/dev/null 2>&1
    for file in third first; do
        openssl pkey -in $file/private/cakey.pem -pubout -outform DER | sha256sum | cut -c1-64
    done >keys.sha256
    for file in third second first; do
        openssl x509 -in $file/cacert.pem -outform DER | sha256sum | cut -c1-64
    done >certificates.sha256
)
