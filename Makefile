# Aliases only: portail.py does the work, also where there is no make.
PYTHON ?= python3

.PHONY: help run test build doctor bench

help:
	@$(PYTHON) portail.py --help

run:
	@$(PYTHON) portail.py run

test:
	@$(PYTHON) portail.py test

build:
	@$(PYTHON) portail.py build

doctor:
	@$(PYTHON) portail.py doctor

bench:
	@.venv/bin/python bench/tout.py
