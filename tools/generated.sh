#!/usr/bin/env bash
# Makes the generated code anew in a copy and compares: the work tree is left
# alone, and files that git does not know are compared too.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

status=0
same() {
  diff -ru "$1" "$2" || { echo "$1 is not what its sources make: run make generate" >&2; status=1; }
}

mkdir -p "$copy/store" "$copy/web"
cp -r internal/store/{sqlc.yaml,migrations,queries} "$copy/store/"
(cd "$copy/store" && "$root/.tools/sqlc" generate)
same internal/store/db "$copy/store/db"

cp -r internal/web/{kit,page,icons.txt,icons.mjs} "$copy/web/"
find "$copy/web" -name '*_templ.go' -delete
for part in kit page; do # one at a time: the names in the code are seen from the folder
  "$root/.tools/templ" generate -path "$copy/web/$part" -log-level error >/dev/null
done
ln -s "$root/internal/web/node_modules" "$copy/web/node_modules"
(cd "$copy/web" && node icons.mjs)
for part in kit page; do
  same "internal/web/$part" "$copy/web/$part"
done
exit $status
