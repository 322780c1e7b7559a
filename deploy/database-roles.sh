#!/bin/bash
# Run once by the database's image on an empty volume: the two roles, and the database that the first owns.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
    --set owner="$OWNER_PASSWORD" --set application="$APPLICATION_PASSWORD" << 'SQL'
CREATE ROLE evaluation_owner LOGIN PASSWORD :'owner';
CREATE ROLE evaluation LOGIN PASSWORD :'application';
CREATE DATABASE evaluation OWNER evaluation_owner;
SQL
