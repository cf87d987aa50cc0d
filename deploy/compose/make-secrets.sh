#!/bin/sh
# Makes what compose.yaml reads from secrets/: passwords, and the search server's authority and certificate.
# Run as root, once. A file that is there stays. Each file belongs to the user that reads it, and to nobody else.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets sources
cd secrets

give() { # give FILE USER: the user of the container that reads it
    chown "$2:0" "$1"
    chmod 0400 "$1"
}

password() { # password FILE USER
    [ -s "$1" ] || openssl rand -base64 36 | tr -d '\n/+=' > "$1"
    give "$1" "$2"
}

password postgres-password 999
password store-password 10001
cp -f store-password postgres-store-password
give postgres-store-password 999
password search-password 1000

if [ ! -s search.pem ]; then
    openssl req -x509 -newkey rsa:3072 -sha256 -days 3650 -nodes -subj "/CN=Lyhde search authority" \
        -keyout search-ca.key -out search-ca.pem 2> /dev/null
    openssl req -newkey rsa:3072 -nodes -subj "/CN=search" -keyout search.key -out search.csr 2> /dev/null
    printf 'subjectAltName=DNS:search,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > search.ext
    openssl x509 -req -in search.csr -CA search-ca.pem -CAkey search-ca.key -CAcreateserial -days 825 -sha256 \
        -extfile search.ext -out search.pem 2> /dev/null
    rm -f search.csr search.ext search-ca.srl
fi
cp -f search-ca.pem search-ca-for-search.pem
give search-ca.pem 10001
give search-ca-for-search.pem 1000
give search.pem 1000
give search.key 1000

for key in search-writer-key search-reader-key; do # filled by make-search-keys.sh
    [ -e "$key" ] || : > "$key"
    give "$key" 10001
done
for file in tls.pem tls.key; do
    if [ -s "$file" ]; then give "$file" 101; else echo "still to be put here: secrets/$file" >&2; fi
done
