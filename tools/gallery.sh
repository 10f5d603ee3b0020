#!/usr/bin/env bash
# Pictures of every page in every state, at phone and desk width, light and
# dark: pages come from the kit's fixtures, Chromium photographs them.
set -euo pipefail
cd "$(dirname "$0")/.."
