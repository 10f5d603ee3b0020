#!/usr/bin/env bash
# Runs e2e/ in Debian's browser: the journeys, or with GALLERY set the pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
goal=test
[ -z "${GALLERY:-}" ] || goal=gallery
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$browser" ]; then
  echo "SKIPPED, NOT PASSED: no Chromium here" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
fi
# Built like the tests, so that everything compiled for them is used again.
mkdir -p .tools
go build -o .tools/guildhall ./cmd/guildhall
export GUILDHALL_BIN=$PWD/.tools/guildhall
cd e2e
[ node_modules/.lock -nt package-lock.json ] || { npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.lock; }
CHROMIUM="$browser" npm run --silent "$goal"
