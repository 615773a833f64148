#!/bin/sh
# Start scrapyd on 127.0.0.1:6800 from the project folder. The password comes from SCRAPYD_PASSWORD.
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/twistd --nodaemon --pidfile= --python deploy/scrapyd.tac
