#!/usr/bin/env bash
# Makes the generated code anew in a copy and compares: the work tree is left
# alone, and files that git does not know are compared too.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

mkdir -p "$copy/store" "$copy/web"
cp -r internal/store/{sqlc.yaml,migrations,queries} "$copy/store/"
(cd "$copy/store" && "$root/.tools/sqlc" generate)
diff -ru internal/store/db "$copy/store/db"

cp -r internal/web/{kit,page,icons.txt,icons.mjs} "$copy/web/"
find "$copy/web" -name '*_templ.go' -delete
cp go.mod "$copy/" # templ writes the name of the module's files
"$root/.tools/templ" generate -path "$copy/web" -log-level error >/dev/null
ln -s "$root/internal/web/node_modules" "$copy/web/node_modules"
(cd "$copy/web" && node icons.mjs)
for part in kit page; do
  diff -ru "internal/web/$part" "$copy/web/$part"
done
