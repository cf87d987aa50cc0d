#!/bin/sh
# Asks the running search server for two API keys: one that writes the index, one that only reads it.
# Run as root in this folder's parent's compose project, after `docker compose up --detach search`.
set -eu
umask 077
cd "$(dirname "$0")"

key() { # key NAME ROLE-JSON FILE
    printf '{"name":"%s","role_descriptors":{"lyhde":%s}}' "$1" "$2" |
        docker compose --file ../compose.yaml exec --no-TTY search sh -c \
            'curl --fail --silent --show-error --cacert config/ca.pem --user "elastic:$(cat /run/secrets/search_password)" \
             --header "Content-Type: application/json" --data @- https://localhost:9200/_security/api_key' |
        sed -n 's/.*"encoded":"\([^"]*\)".*/\1/p' > "secrets/$3"
    [ -s "secrets/$3" ] || { echo "no key came: $1" >&2; exit 1; }
    chown 10001:0 "secrets/$3"
    chmod 0400 "secrets/$3"
}

key lyhde-writer '{"cluster":["manage"],"index":[{"names":["works","works-*"],"privileges":["all"]}]}' search-writer-key
key lyhde-reader '{"cluster":["monitor"],"index":[{"names":["works","works-*"],"privileges":["read","view_index_metadata"]}]}' search-reader-key
