#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# token.sh: tokens of SoftHSM in the working directory, with the PIN 1234, as their own software sets them up and uses them.
#
#   init LABEL                       a token; the first one also makes softhsm2.conf
#   key TOKEN OBJECT ID TYPE OPTION… a key pair, such as rsa:3072 or EC:secp384r1; --extractable lets it out
#   certify TOKEN OBJECT ID SUBJECT [NAME]   a certificate for it, signed by itself, into the token as NAME and into NAME.crt
#   issue TOKEN OBJECT               a certificate under NAME.crt by the key in the token, which is then verified
#   list TOKEN                       what is in it, in short
#   pkcs11-tool TOKEN OPTION…        pkcs11-tool, logged in
#   faulty                           faulty.so, a module that goes wrong as FAULT says
# Commands on tokens need SOFTHSM2_CONF=$PWD/softhsm2.conf, which `. token.sh` sets.
module=/usr/lib/softhsm/libsofthsm2.so
export SOFTHSM2_CONF=$PWD/softhsm2.conf
test "${BASH_SOURCE[0]}" = "$0" || return 0
set -euo pipefail

tool() {
    pkcs11-tool --module "$module" --token-label "$1" --login --pin 1234 "${@:2}" 2>&1
}
# openssl with the token's keys; its configuration says how.
with_token() {
    cat >engine.cnf <<CONF
openssl_conf = conf
[conf]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $module
[req]
distinguished_name = dn
[dn]
CONF
    OPENSSL_CONF=$PWD/engine.cnf openssl "$@" 2>&1 | { grep -v '^Engine "pkcs11" set' || true; }
}
uri() {
    echo "pkcs11:token=$1;object=$2;type=private;pin-value=1234"
}
case $1 in
init)
    mkdir -p tokens
    printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" >softhsm2.conf
    softhsm2-util --init-token --free --label "$2" --so-pin 12345678 --pin 1234 >/dev/null
    ;;
key) tool "$2" --keypairgen --label "$3" --id "$4" --key-type "$5" "${@:6}" >/dev/null ;;
certify)
    name=${6:-$3}
    with_token req -x509 -new -engine pkcs11 -keyform engine -key "$(uri "$2" "$3")" -subj "$5" -days 3650 \
        -addext basicConstraints=critical,CA:TRUE -out "$name.crt"
    openssl x509 -in "$name.crt" -outform DER -out "$name.der"
    tool "$2" --write-object "$name.der" --type cert --id "$4" --label "$name" >/dev/null
    rm "$name.der"
    ;;
issue)
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=leaf \
        -out leaf.csr 2>/dev/null
    with_token x509 -req -in leaf.csr -engine pkcs11 -CA "$3.crt" -CAkeyform engine -CAkey "$(uri "$2" "$3")" \
        -set_serial 7 -out leaf.crt >/dev/null
    openssl verify -CAfile "$3.crt" leaf.crt
    ;;
list)
    tool "$2" --list-objects | awk '/^[A-Z].*Object/ { kind = $0 } / label:/ { print kind ":" substr($0, 14) }' |
        sed 's/; type = X.509 cert//; s/EC_POINT //; s/ *:/:/' | LC_ALL=C sort
    ;;
pkcs11-tool) tool "${@:2}" ;;
faulty)
    gcc -shared -fPIC -Wall -Wextra -Werror -I/usr/include/p11-kit-1 -o faulty.so "$(dirname "$0")/faulty-token.c"
    ;;
esac
