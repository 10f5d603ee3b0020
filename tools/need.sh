#!/usr/bin/env bash
# Says what is missing for a goal (run, test, nightly), and installs it where it may: as
# root on a Debian system. Everybody else is told what to install.
set -euo pipefail
goal=$1

missing=() # Debian packages
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null || missing+=("$2")
}

if ! command -v go >/dev/null; then
  echo "Go is missing: install Go 1.26 or later, then run this again." >&2
  exit 1
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Node is missing: install Node 20 or later with npm, then run this again." >&2
  exit 1
fi

if [ "$goal" = nightly ]; then # the race detector is written in C
  need gcc gcc
  need gcc libc6-dev
fi
if [ "$goal" != run ]; then
  need git git
  if [ -z "${GUILDHALL_TEST_PG:-}" ] && ! command -v initdb >/dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    missing+=(postgresql)
  fi
  if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    missing+=(chromium)
  fi
fi

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "These are missing: ${missing[*]}. On Debian: sudo apt-get install ${missing[*]}" >&2
  [ "${CI:-}" = true ] && exit 1
  echo "Going on without them: tests that need them are skipped, and say so." >&2
  exit 0
fi
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -f "$log"
