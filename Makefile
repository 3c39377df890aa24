# `make help` lists the goals. Needs make, git and Python 3.11 or newer with pip; all else goes to .venv.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Options for the bot and for pytest: make run ARGS='ask "Wann startet die Serie?"', make test PYTEST_ARGS=-x
ARGS ?=
PYTEST_ARGS ?=

# Written when a set-up has come to its end, with the folder it was made in: a .venv cannot be moved.
STAMP := .venv/.complete
ifneq "$(shell $(BIN)/python -c '' 2>/dev/null && cat $(STAMP) 2>/dev/null)" "$(CURDIR)"
$(STAMP): FORCE
endif

.PHONY: help run test soak setup eval tune bench constraints clean FORCE

help: ## list the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## start the bot: on Telegram with TELEGRAM_BOT_TOKEN, else the chat in the terminal
	@$(BIN)/lemans-bot $(ARGS)

# Each tool has its say, even when one before it found something; the tests last, for their summary.
test: setup ## run linter, formatter, type checker and tests
	@failed=; \
	$(BIN)/ruff check || failed+=' ruff-check'; \
	$(BIN)/ruff format --check || failed+=' ruff-format'; \
	$(BIN)/mypy || failed+=' mypy'; \
	$(BIN)/pytest -m 'not soak' $(PYTEST_ARGS) || failed+=' pytest'; \
	if [ -n "$$failed" ]; then echo "make test: failed:$$failed" >&2; exit 1; fi

soak: setup ## run the tests that take minutes: long faults, 10,000 updates
	@$(BIN)/pytest -m soak $(PYTEST_ARGS)

setup: $(STAMP) ## install the bot and the tools into .venv, with the command .venv/bin/lemans-bot

$(STAMP): pyproject.toml constraints.txt
	@$(find_python); \
	rm -f $(STAMP); \
	echo "Setting up .venv with $$($$python --version); this takes a minute …"; \
	$$python -m venv --clear .venv || exit 1; \
	if ! $(BIN)/python -m pip install -c constraints.txt -e '.[dev,webhook]' >.venv/pip.log 2>&1; then \
	  cat .venv/pip.log >&2; \
	  echo 'The set-up failed, see above; `make setup` tries again from the start.' >&2; exit 1; \
	fi
	@$(BIN)/lemans-bot --version >/dev/null
	@$(BIN)/lemans-bot check || true # warms the cache; a broken FAQ says so and is no broken set-up
	@printf '%s\n' '$(subst ','\'',$(CURDIR))' >$(STAMP)

# The one to use in $$python; PYTHON=... names another.
define find_python
for python in $(or $(PYTHON),python3.11 python3); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
  python=; \
done; \
if [ -z "$$python" ]; then \
  echo 'No Python 3.11 or newer found: install one, or name it with `make $(MAKECMDGOALS) PYTHON=/path/to/python`.' >&2; exit 1; \
elif ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
  version=$$("$$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])'); \
  echo "$$version cannot make virtual environments here: apt-get install $$version-venv (as root), then try again." >&2; exit 1; \
fi
endef

# More labelled questions: make eval QUESTIONS=path/to/questions.jsonl
QUESTIONS ?=

eval: setup ## measure how well the bot answers, beside other matchers; writes docs/ and the README's figures
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev,eval]' && $(BIN)/python -m evaluation.report $(QUESTIONS)

tune: setup ## choose the figures in bot/tuned.py from the labelled questions; takes minutes
	@$(BIN)/python -m evaluation.tune

# Some parts only: make bench BENCH='ask worst'; make bench BENCH=--help names them.
BENCH ?=

bench: setup ## measure how fast the bot is, beside others; writes docs/growth.png and the README's table
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev,eval,bench]' && $(BIN)/python -m tests.bench $(BENCH)

# All extras, so that the image, continuous integration and every developer have the same.
constraints: ## pin the newest versions of all dependencies in constraints.txt
	@$(find_python); \
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	"$$python" -m venv "$$folder" && \
	"$$folder/bin/python" -m pip install --quiet pip-tools && \
	CUSTOM_COMPILE_COMMAND='make constraints' "$$folder/bin/pip-compile" --quiet --upgrade --all-extras \
	  --strip-extras --no-annotate --no-emit-options --output-file "$$folder/constraints.txt" pyproject.toml && \
	cp "$$folder/constraints.txt" constraints.txt

clean: ## remove .venv and what tools left
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
