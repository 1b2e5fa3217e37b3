# The commands of this project. `make run` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3.11
PYTHON := $(or $(shell command -v $(PYTHON) 2>/dev/null),$(shell command -v python3 2>/dev/null))
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=
PORT ?= 8000

.PHONY: run test test-s3 walks fuzz law check fmt lock openapi bench bench-history bench-uploads bench-imports \
    bench-signals bench-deciding bench-assessing bench-worklist bench-safeguards mutants audit clean

# `make run PORT=8001`; more with ARGS, which `subsidy sandbox --help` lists.
run: $(VENV)/.sandbox
	@exec $(BIN)/subsidy sandbox --port $(PORT) $(ARGS)

test: $(VENV)/.dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.run

# The evidence store on a real S3: OpenStack Swift from Debian's packages, on loopback.
test-s3: $(VENV)/.dev
	@$(BIN)/python -m tests.s3.run

# Steps of all roles in any order, and the books after each; a failure names its seed and is shortened
# when it is walked again: `make walks SEED=4711`.
SEED ?= $(shell od -An -N4 -tu4 /dev/urandom)
WALKS ?= 300
walks: $(VENV)/.dev
	@SUBSIDY_SEED=$(strip $(SEED)) SUBSIDY_WALKS=$(WALKS) $(BIN)/pytest tests/walks

# The contract asked at random, as each role (or ROLE=cashier): every phase and check of schemathesis.
# A failure names what was asked; `make fuzz SEED=4711` asks the same again.
EXAMPLES ?= 50
fuzz: $(VENV)/.dev
	@echo "SEED=$(strip $(SEED)) EXAMPLES=$(EXAMPLES)"
	@SUBSIDY_SEED=$(strip $(SEED)) SUBSIDY_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -s \
	    tests/contract/test_every_role.py $(if $(ROLE),-k $(ROLE))

# The law's own tests, in a few seconds: they need neither an event loop nor a database.
law: $(VENV)/.dev
	$(BIN)/pytest -q -p no:asyncio -p no:anyio -p no:xdist tests/policy

fmt: $(VENV)/.dev
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

openapi: $(VENV)/.dev
	$(BIN)/subsidy openapi > openapi/v1.json

bench: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.run

bench-history: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.history

# Against nginx (Debian: nginx-light) and openssl.
bench-uploads: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.uploads

bench-imports: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.importing

bench-deciding: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.deciding

bench-assessing: $(VENV)/.bench $(VENV)/.openfisca
	$(VENV)-bench/bin/python -m benchmarks.assessing

bench-signals: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.signals

bench-worklist: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.worklist

bench-safeguards: $(VENV)/.bench
	$(VENV)-bench/bin/python -m benchmarks.safeguards

# `make mutants ONLY='app.policy.months*'` takes one module; see docs/mutants.md.
mutants: $(VENV)/.mutants
	rm -rf .mutants && mkdir -p .mutants/tests
	cp -R app openapi docs examples .mutants
	cp -R tests/__init__.py tests/policy .mutants/tests
	cp requirements/mutants.cfg .mutants/setup.cfg
	cd .mutants && ../$(VENV)-mutants/bin/mutmut run $(if $(ONLY),'$(ONLY)')
	@cd .mutants && ../$(VENV)-mutants/bin/mutmut results --all true > results.txt
	@$(VENV)-mutants/bin/python -m tests.mutants $(if $(ONLY),'$(ONLY)') < .mutants/results.txt

# Asks the public advisories about every locked package; it needs the internet and is no part of `make test`.
# Strict: a package of which nothing is known is no package without faults.
audit:
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install -q pip-audit
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/dev.txt
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/bench.txt

lock: $(VENV)/.dev
	sh requirements/lock.sh $(CURDIR)/$(BIN)/uv

clean:
	rm -rf $(VENV) $(VENV)-bench $(VENV)-mutants $(VENV)-openfisca $(VENV)-audit .data .mutants

# Marked when it is whole: one whose making was cut short is made again.
$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.sandbox: requirements/sandbox.txt pyproject.toml | $(VENV)/.made
	@echo "Installing the locked dependencies into $(VENV), about a minute ..."
	$(BIN)/python -m pip install -q --require-hashes -r requirements/sandbox.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	@echo "Installing the locked dependencies and the tools into $(VENV), about a minute ..."
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.sandbox

$(VENV)/.bench: requirements/bench.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install -q --require-hashes -r requirements/bench.txt
	@PYTHONWARNINGS=ignore $(VENV)-bench/bin/python -m pip install -q --no-deps --no-build-isolation -e .
	@mkdir -p $(VENV) && touch $@

$(VENV)/.openfisca: requirements/openfisca.txt
	$(PYTHON) -m venv $(VENV)-openfisca
	$(VENV)-openfisca/bin/python -m pip install -q --require-hashes -r requirements/openfisca.txt
	@mkdir -p $(VENV) && touch $@

$(VENV)/.mutants: requirements/mutants.txt
	$(PYTHON) -m venv $(VENV)-mutants
	$(VENV)-mutants/bin/python -m pip install -q --require-hashes -r requirements/mutants.txt
	@mkdir -p $(VENV) && touch $@
