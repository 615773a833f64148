#!/bin/sh
# One scrapy command for a timer: from the project folder, with the variables of .env where there is one, one at a time
# (a second one of the same name ends at once), and ended after MAX (default 12h) if it hangs. What it stored stays.
set -eu
cd "$(dirname "$0")/.."
mkdir -p var
# shellcheck source=/dev/null
if [ -f .env ]; then set -a; . ./.env; set +a; fi
exec flock --nonblock --conflict-exit-code 0 "var/$1.lock" timeout "${MAX:-12h}" .venv/bin/scrapy "$@" >> "var/$1.log" 2>&1
