#!/bin/sh
# Runs once, on an empty database folder: the role and database of Lyhde. Text sorts by bytes (LOCALE C).
set -eu
psql --set=ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set=password="$(cat /run/secrets/postgres_store_password)" <<'SQL'
CREATE ROLE lyhde LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE lyhde OWNER lyhde TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE lyhde FROM PUBLIC;
SQL
