#!/usr/bin/env bash
# Runs the journeys of e2e/ in Debian's browser. A tree without them has none.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -f e2e/package.json ]; then
  echo "no e2e/ here: nothing to run in a browser"
  exit 0
fi
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$browser" ]; then
  echo "SKIPPED, NOT PASSED: no Chromium here" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
fi
cd e2e
[ node_modules/.lock -nt package-lock.json ] || { npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.lock; }
CHROMIUM="$browser" npm test --silent
