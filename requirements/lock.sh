#!/bin/sh
# Writes the locks with hashes, each a superset of the first, with the same versions; only the
# mutation tests take an older pytest.
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
sed -n 's/^\([^ #]*==[^ ]*\).*/\1/p' all.txt | grep -v '^pytest==' > but_pytest.txt
compile openfisca.in -o openfisca.txt
compile ../pyproject.toml mutants.in -c but_pytest.txt -o mutants.txt
rm all.txt but_pytest.txt
