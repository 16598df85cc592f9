#!/bin/sh
# Makes the certificates of this folder that are not there yet, by OpenSSL: keys and signatures of kinds that the tests'
# own libraries do not make. One line each; the suite `oracle` asks crypto/tls which of them are good.
#   servers/NAME.pem   the server's key, its certificate, the CA's certificate (the server's own where there is no CA)
#   clients/NAME.pem   a client's certificate or chain, and its key
# Usage: sh make.sh, in this folder.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p servers clients

# key KIND > PEM: rsa-BITS, rsa-BITS-e3, pss-BITS, a curve's name, ed25519 or ed448
key() {
    case $1 in
    rsa-*-e3) bits=${1#rsa-}; openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:"${bits%-e3}" -pkeyopt rsa_keygen_pubexp:3 ;;
    rsa-*) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:"${1#rsa-}" ;;
    pss-*) openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:"${1#pss-}" ;;
    ed*) openssl genpkey -algorithm "$1" ;;
    *) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"$1" ;;
    esac 2>/dev/null
}

# certificate NAME ISSUER OPTIONS... : NAME.crt in $work, of the key NAME.key there; an issuer of - is itself
certificate() {
    name=$1 issuer=$2; shift 2
    openssl req -new -key "$work/$name.key" -subj "/CN=$name" -out "$work/$name.csr"
    if [ "$issuer" = - ]; then
        openssl x509 -req -in "$work/$name.csr" -signkey "$work/$name.key" -days 10950 "$@" -out "$work/$name.crt"
    else
        openssl x509 -req -in "$work/$name.csr" -CA "$work/$issuer.crt" -CAkey "$work/$issuer.key" -CAcreateserial -days 10950 "$@" -out "$work/$name.crt"
    fi 2>/dev/null
}

printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,digitalSignature\n' >"$work/ca.ext"
printf 'subjectAltName=IP:127.0.0.1\n' >"$work/server.ext"

# server NAME CA-KEY SERVER-KEY OPTIONS... : the options are those of the signature
server() {
    to=servers/$1.pem; [ -e "$to" ] && return
    key "$2" >"$work/ca.key"; key "$3" >"$work/server.key"; shift 3
    certificate ca - -extfile "$work/ca.ext"
    certificate server ca -extfile "$work/server.ext" "$@"
    cat "$work/server.key" "$work/server.crt" "$work/ca.crt" >"$to"
}

server p521 P-521 P-521 -sha512
server p521-signs-by-sha256 P-521 P-256 -sha256
server p521-signs-by-sha384 P-521 P-384 -sha384
server p521-signs-by-sha224 P-521 P-256 -sha224
server p521-server P-256 P-521 -sha256
server p384-signs-by-sha512 P-384 P-256 -sha512
server p256-signs-by-sha512 P-256 P-256 -sha512
server p256-signs-by-sha384 P-256 P-256 -sha384
server p256-signs-by-sha1 P-256 P-256 -sha1
server p224 P-224 P-256 -sha256
server secp256k1 secp256k1 P-256 -sha256
server rsa-512-server P-256 rsa-512 -sha256
server rsa-1024-server P-256 rsa-1024 -sha256
server rsa-1536-server P-256 rsa-1536 -sha256
server rsa-2040-server P-256 rsa-2040 -sha256
server rsa-3072-server P-256 rsa-3072 -sha256
server rsa-4096-server P-256 rsa-4096 -sha256
server rsa-8192-server P-256 rsa-8192 -sha256
server rsa-2048-exponent-3-server P-256 rsa-2048-e3 -sha256
server rsa-1024-exponent-3-server P-256 rsa-1024-e3 -sha256
server rsa-512 rsa-512 P-256 -sha256
server rsa-1024 rsa-1024 P-256 -sha256
server rsa-1024-signs-by-sha512 rsa-1024 P-256 -sha512
server rsa-1536 rsa-1536 P-256 -sha384
server rsa-2048-exponent-3 rsa-2048-e3 P-256 -sha256
server rsa-3072 rsa-3072 P-256 -sha512
server rsa-16384 rsa-16384 P-256 -sha256
server rsa-2048-signs-by-sha1 rsa-2048 P-256 -sha1
server rsa-2048-signs-by-sha224 rsa-2048 P-256 -sha224
server rsa-2048-signs-by-md5 rsa-2048 P-256 -md5
server rsa-2048-signs-by-pss rsa-2048 P-256 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
server rsa-1024-signs-by-pss rsa-1024 P-256 -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:48
server rsa-2048-signs-by-pss-of-another-salt rsa-2048 P-256 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20
server pss-2048 pss-2048 P-256 -sha256
server ed25519 ed25519 ed25519
server ed448 ed448 P-256

# client NAME KEY FORM VERSION [WORD]: of a CA of P-256; the form is pkcs8, or what `openssl pkey -traditional` and its kin
# write, and WORD is the curve of `parameters` and the label of `mislabelled`
client() {
    to=clients/$1.pem; [ -e "$to" ] && return
    key "$2" >"$work/client.key"
    [ -e "$work/issuer.key" ] || { key P-256 >"$work/issuer.key"; certificate issuer - -extfile "$work/ca.ext"; }
    case $4 in
    1) certificate client issuer ;;
    *) certificate client issuer -extfile "$work/server.ext" ;;
    esac
    {
        cat "$work/client.crt"
        case $3 in
        pkcs8) cat "$work/client.key" ;;
        traditional) openssl pkey -in "$work/client.key" -traditional ;;
        parameters) openssl ecparam -name "$5"; openssl pkey -in "$work/client.key" -traditional ;;
        mislabelled) sed "s/ PRIVATE/ $5 PRIVATE/" "$work/client.key" ;;
        unlabelled) openssl pkey -in "$work/client.key" -traditional | sed -E 's/ (RSA|EC) PRIVATE/ PRIVATE/' ;;
        encrypted) openssl pkey -in "$work/client.key" -aes256 -passout pass:x ;;
        windows) sed 's/$/\r/' "$work/client.key" ;;
        with-its-ca) cat "$work/issuer.crt"; openssl pkey -in "$work/client.key" -traditional ;;
        of-another) key "$2" | openssl pkey -traditional ;;
        bag) printf 'Bag Attributes\n    friendlyName: admin\nKey Attributes: <No Attributes>\n'; cat "$work/client.key" ;;
        first) ;;
        esac
    } >"$to"
    if [ "$3" = first ]; then cat "$work/client.key" "$work/client.crt" >"$to"; fi
}

client p521-pkcs8 P-521 pkcs8 3
client p521-sec1 P-521 traditional 3
client p521-sec1-with-parameters-version-1 P-521 parameters 1 secp521r1
client p521-key-first P-521 first 3
client p256-pkcs8 P-256 pkcs8 3
client p256-sec1-with-parameters-version-1 P-256 parameters 1 prime256v1
client p384-pkcs8-version-1 P-384 pkcs8 1
client p384-sec1 P-384 traditional 3
client p256-pkcs8-called-ec P-256 mislabelled 3 EC
client p256-sec1-called-private-key P-256 unlabelled 1
client p224-pkcs8 P-224 pkcs8 3
client secp256k1-pkcs8 secp256k1 pkcs8 3
client rsa-512-pkcs8 rsa-512 pkcs8 3
client rsa-1024-pkcs1 rsa-1024 traditional 3
client rsa-1024-pkcs8-version-1 rsa-1024 pkcs8 1
client rsa-1536-pkcs8 rsa-1536 pkcs8 3
client rsa-2040-pkcs8 rsa-2040 pkcs8 3
client rsa-3072-pkcs1 rsa-3072 traditional 3
client rsa-6144-pkcs8 rsa-6144 pkcs8 3
client rsa-8192-pkcs1 rsa-8192 traditional 3
client rsa-2048-pkcs1 rsa-2048 traditional 3
client rsa-2048-pkcs8-version-1 rsa-2048 pkcs8 1
client rsa-2048-with-its-ca rsa-2048 with-its-ca 1
client another-s-key rsa-2048 of-another 1
client rsa-4096-pkcs1-version-1 rsa-4096 traditional 1
client rsa-2048-exponent-3-pkcs8 rsa-2048-e3 pkcs8 3
client rsa-1024-exponent-3-pkcs1-version-1 rsa-1024-e3 traditional 1
client rsa-2048-pkcs8-called-rsa rsa-2048 mislabelled 3 RSA
client rsa-2048-pkcs1-called-private-key rsa-2048 unlabelled 3
client rsa-2048-pkcs8-with-bag-attributes rsa-2048 bag 3
client rsa-2048-pkcs8-of-windows rsa-2048 windows 3
client rsa-2048-encrypted rsa-2048 encrypted 3
client pss-2048-pkcs8 pss-2048 pkcs8 3
client ed25519 ed25519 pkcs8 3
client ed25519-version-1 ed25519 pkcs8 1
client ed25519-key-first ed25519 first 3
client ed448-pkcs8 ed448 pkcs8 3
