#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Creates certificates for tests of TLS: an authority, valid and invalid servers, a client.
set -euo pipefail

if [ $# -ne 1 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
    cat <<'TEXT'
usage: scripts/test_certificates.sh DIR

Writes to DIR (which must not exist), each NAME.crt with NAME.key:
  authority    signs the others; authority.crl lists the revoked ones
  good         a server: localhost, 127.0.0.1, ::1
  other_name   a server with the name elsewhere.example
  expired      not valid any more
  early        not valid yet
  revoked      listed in authority.crl
  self_signed  signed with its own key
  ed25519      self-signed; its signature algorithm allows no channel binding of SCRAM
  client       of the role "certified"; client_locked.key is its key with the pass phrase "hush"
TEXT
    exit 2
fi

mkdir "$1"
cd "$1"
exec 2>openssl.log

cat >authority.cnf <<'TEXT'
[ca]
default_ca = ours
[ours]
database = index.txt
serial = serial
new_certs_dir = .
certificate = authority.crt
private_key = authority.key
default_md = sha256
default_days = 36500
default_crl_days = 36500
policy = anything
copy_extensions = copy
unique_subject = no
[anything]
commonName = supplied
TEXT
: >index.txt
echo 1000 >serial

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# sign NAME COMMON-NAME ALTERNATIVE-NAMES [OPTIONS...]
sign() {
    local name=$1 common_name=$2 alternatives=$3
    shift 3
    [ -e "$name.key" ] || new_key "$name.key"
    openssl req -new -key "$name.key" -subj "/CN=$common_name" -out "$name.csr" \
        ${alternatives:+-addext "subjectAltName=$alternatives"}
    openssl ca -batch -config authority.cnf -in "$name.csr" -out "$name.crt" -notext "$@"
}

names=DNS:localhost,IP:127.0.0.1,IP:::1
new_key authority.key
openssl req -x509 -new -key authority.key -subj "/CN=authority of tests" -days 36500 -out authority.crt
sign good localhost "$names"
sign other_name elsewhere.example DNS:elsewhere.example
sign expired localhost "$names" -startdate 20000101000000Z -enddate 20010101000000Z
sign early localhost "$names" -startdate 20900101000000Z -enddate 20910101000000Z
sign revoked localhost "$names"
sign client certified ""
openssl pkey -in client.key -aes256 -passout pass:hush -out client_locked.key
openssl ca -config authority.cnf -revoke revoked.crt
openssl ca -config authority.cnf -gencrl -out authority.crl
new_key self_signed.key
openssl req -x509 -new -key self_signed.key -subj "/CN=localhost" -addext "subjectAltName=$names" \
    -days 36500 -out self_signed.crt
openssl genpkey -algorithm ED25519 -out ed25519.key
openssl req -x509 -new -key ed25519.key -subj "/CN=localhost" -addext "subjectAltName=$names" \
    -days 36500 -out ed25519.crt
rm -f ./*.csr ./*.pem ./*.old ./*.attr* serial index.txt
chmod 0600 ./*.key
