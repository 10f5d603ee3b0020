#!/usr/bin/env bash
# The parts of `make test`, one after the other, each with its time. The tools
# are built while the tests run, since tests also wait. A part that fails does
# not hide the next one; the end says which failed.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
failed=()
started=$SECONDS

part() { # part NAME COMMAND...
  local name=$1 from=$SECONDS
  shift
  echo "== $name"
  if "$@"; then
    echo "== $name: well, $((SECONDS - from)) s"
  else
    echo "== $name: FAILED, $((SECONDS - from)) s"
    failed+=("$name")
  fi
}

tools() {
  wait "$building" || { cat .tools/build.log; return 1; }
}

nice make tools >.tools/build.log 2>&1 </dev/null &
building=$!
trap 'kill "$building" 2>/dev/null' EXIT

part web make web
part vet make vet
part unit make unit
part tools tools
part generated make generated
part lint make lint
part tidy make tidy
part browser make browser

echo "== all parts: $((SECONDS - started)) s"
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
