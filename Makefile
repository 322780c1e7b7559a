# Everything works on a machine that has Python 3.11+ and make. `make` alone prints the commands.
.DEFAULT_GOAL := help
.PHONY: help setup dev run test lint drills bench bundle
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install -qq --only-binary :all: --require-hashes
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

help:
	@echo "make run      启动系统（自动安装、建库、载入演示数据）；PORT=8000，DEMO_PASSWORD=…，BUNDLE=离线安装包"
	@echo "make setup    只安装运行所需的软件包"
	@echo "make test     运行全部测试"
	@echo "make lint     检查代码"
	@echo "make drills   演练：故障、备份恢复、部署步骤（较慢）"
	@echo "make bench    性能测量"
	@echo "make bundle   制作离线安装包 dist/"

# ---------------------------------------------------------------- installing
# With BUNDLE=FILE everything comes from that file, and no package index is asked.
ifdef BUNDLE
FROM_BUNDLE := $(VENV)/bundle
PIP += --no-index --find-links $(FROM_BUNDLE)/wheels
endif

setup: $(VENV)/base.stamp node_modules/.stamp
dev: setup $(VENV)/dev.stamp

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或以上：请安装，或用 make PYTHON=路径 指定。"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { echo "缺少 Python 的 venv 模块：请先安装（Debian、Ubuntu：apt-get install python3-venv），再运行一次。"; exit 1; }
	@$(PYTHON) -m venv $(VENV) > $(VENV).log 2>&1 || { rm -rf $(VENV); echo "建立 $(VENV) 失败，原因见 $(VENV).log。"; exit 1; }
	@rm -f $(VENV).log

ifdef BUNDLE
$(VENV)/base.stamp: $(FROM_BUNDLE)
$(FROM_BUNDLE): $(BUNDLE) | $(PY)
	@rm -rf $@ && mkdir -p $@ && tar -xf $(BUNDLE) -C $@
	@cd $@ && sha256sum --quiet --check SHA256SUMS || { rm -rf $@; echo "离线安装包 $(BUNDLE) 已损坏，请重新拷贝。"; exit 1; }
endif

$(VENV)/base.stamp: requirements/base.txt | $(PY)
	@echo "正在安装软件包……"
	@$(PIP) -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	@echo "正在安装测试所需的软件包……"
	@$(PIP) -r requirements/dev.txt
	@touch $@

$(VENV)/node.stamp: requirements/node.txt | $(PY)
	@$(PIP) -r requirements/node.txt
	@touch $@

ifdef BUNDLE
node_modules/.stamp: $(FROM_BUNDLE)
	@cp -R $(FROM_BUNDLE)/node_modules . && touch $@
else
# The machine's npm, or that of the wheel.
NPM_WHEEL := $(if $(shell command -v npm),,$(VENV)/node.stamp)
node_modules/.stamp: package-lock.json .npmrc $(NPM_WHEEL) | $(PY)
	@echo "正在安装前端软件包……"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error > /dev/null
	@touch $@
endif

# ---------------------------------------------------------------- running and checking
run: setup
	@exec $(PY) -m config.run

test: dev
	$(PY) -m pytest -q -n 2 --dist loadgroup --durations 25

lint: export DEBUG := 1
lint: dev
	ruff check .
	ruff format --check .
	mypy .
	djlint --quiet --lint templates
	djlint --check templates 2>&1 | tail -40; exit $${PIPESTATUS[0]}
	lint-imports --no-cache
	$(PY) manage.py makemigrations --check --dry-run

drills: dev
	$(PY) -m pytest -q -p no:xdist drills

bench: dev
	@for script in bench/*.py; do echo "== $$script"; $(PY) $$script || exit 1; done

bundle: setup
	@$(PY) -m config.bundle
