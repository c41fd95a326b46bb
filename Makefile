# make demo: install and run the main job on the sample study.
# make test: install and run the tests. Both do all the set-up on a machine with Python 3.11+ and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
TORCH := torch==2.13.0
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu
STAMP := $(VENV)/.installed

.PHONY: install check test journeys foreign demo docs sample ci clean

install: $(STAMP)

# PyTorch first, and its CPU build: a bare "torch" pulls gigabytes for graphics cards. Where the build with "+cpu" is at
# hand it is taken; otherwise it comes from PyTorch's own index; on macOS the plain package is the CPU build.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "subtheme needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip
	$(BIN)/python -c 'import torch' 2>/dev/null \
		|| $(PIP) install --quiet '$(TORCH)+cpu' \
		|| $(PIP) install --quiet '$(TORCH)+cpu' --index-url $(TORCH_CPU_INDEX) \
		|| $(PIP) install --quiet '$(TORCH)'
	$(PIP) install --quiet --constraint constraints.txt --editable '.[pdf,fast,cluster]' --group dev
	touch $@

check: install
	$(BIN)/ruff format --check pipeline tests benchmarks docs data/generator
	$(BIN)/ruff check pipeline tests benchmarks docs data/generator
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest -m 'not journey'

# Whole commands on the real data beside the checkout, with their figures.
journeys: install
	$(BIN)/python -m pytest tests/journeys -m journey -s

# Other programs read what we write; each is installed into an environment of its own.
foreign: install
	SUBTHEME_FOREIGN=1 $(BIN)/python -m pytest -m journey tests/exchange tests/agreement

demo: install
	$(BIN)/subtheme demo

# Regenerate the synthetic sample study from its fragments and parameters.
sample: install
	$(BIN)/python data/generator/generate.py

docs: install
	$(BIN)/python docs/make_cli_reference.py

ci: test

clean:
	rm -rf $(VENV) demo-study build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
