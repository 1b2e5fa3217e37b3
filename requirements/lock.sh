#!/bin/sh
# Writes the four locks with hashes, each a superset of the first, with the same versions.
set -eu
uv=$1
cd "$(dirname "$0")"
compile() {
  "$uv" pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
    --universal "$@"
}
compile ../pyproject.toml build.in --extra sandbox --extra dev --extra bench -o all.txt
compile ../pyproject.toml -c all.txt -o service.txt
compile ../pyproject.toml build.in -c all.txt --extra sandbox -o sandbox.txt
compile ../pyproject.toml build.in -c all.txt --extra sandbox --extra dev -o dev.txt
compile ../pyproject.toml build.in -c all.txt --extra sandbox --extra bench -o bench.txt
rm all.txt
