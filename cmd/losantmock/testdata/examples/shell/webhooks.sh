#!/bin/sh
# A script that creates a webhook, tested against losantmock:
# LOSANT_URL=http://127.0.0.1:8080 sh webhooks.sh
set -eu
url=${LOSANT_URL:-http://127.0.0.1:8080}
application=575ec8687ae143cd83dc4a97 # of the scenario "default"

created=$(curl -sS --fail -H 'Authorization: Bearer any' -H 'Content-Type: application/json' \
  -d '{"name":"Door opened"}' "$url/applications/$application/webhooks")
echo "$created" | grep -q '"name":"Door opened"'

# Was it asked for once, and only once?
echo '{"operation":"webhooks.post","status":201}' | losantmock verify - --times 1 --url "$url"
