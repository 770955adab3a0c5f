# The commands of this repository; `make` prints them. Everything is built by CMake and its presets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
# For each Spark, of `make spark-classes`.
CONFIGURATIONS ?= 20000
# More arguments for the test runner of `make test`.
CTEST_ARGS ?=
# When clang-tidy stops, with a word about what it left out; empty: when it is done.
BUDGET_SECONDS ?=
PREFIX ?= /usr/local
# Runs a command under a name and prints how long it took.
TIMED := scripts/timed.sh

.PHONY: help
help: ## print this
	@echo "Ballast keeps Spark jobs inside what a Kubernetes cluster can hold."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install what is missing to build and test (apt; needs root or sudo)
	@scripts/install-deps.sh

.PHONY: build
build: deps ## build the program, build/ballast
	@cmake --preset release >/dev/null
	@$(TIMED) "build/ballast" cmake --build --preset release -j $(JOBS) --target ballast

.PHONY: run
run: build ## build, then show two jobs that are judged by a webhook on this machine
	@build/ballast demo

# The tests of both builds run in one go, so that there is one summary, at the end.
.PHONY: test
test: deps ## build with and without sanitizers, and run all tests
	@cmake --preset release >/dev/null
	@$(TIMED) "release build" cmake --build --preset release -j $(JOBS)
	@cmake --preset asan >/dev/null
	@$(TIMED) "asan+ubsan build" cmake --build --preset asan -j $(JOBS)
	@mkdir -p build/all-tests
	@echo 'subdirs("../tests" "../../build-asan/tests")' >build/all-tests/CTestTestfile.cmake
	@ctest --test-dir build/all-tests -j $(JOBS) --output-on-failure $(CTEST_ARGS)

.PHONY: check
check: check-deps test format tidy tsan fuzz ## everything: also format, clang-tidy, tsan, a minute of each fuzz target

.PHONY: check-deps
check-deps:
	@scripts/install-deps.sh --check

.PHONY: format
format: check-deps ## compare the sources' format with .clang-format
	@$(TIMED) "format" scripts/check-format.sh

.PHONY: tidy
tidy: check-deps ## run clang-tidy on all sources
	@JOBS=$(JOBS) BUDGET_SECONDS=$(BUDGET_SECONDS) $(TIMED) "clang-tidy" scripts/check-tidy.sh

.PHONY: tsan
tsan: deps ## build with ThreadSanitizer and run the tests that have threads
	@cmake --preset tsan >/dev/null
	@$(TIMED) "tsan build" cmake --build --preset tsan -j $(JOBS) --target tsan-tests
	@ctest --test-dir build-tsan -L threads --output-on-failure

.PHONY: fuzz
fuzz: check-deps ## run each fuzz target with libFuzzer, FUZZ_SECONDS (60) each
	@cmake --preset fuzz >/dev/null
	@$(TIMED) "fuzz build" cmake --build --preset fuzz -j $(JOBS) --target fuzz-targets
	@FUZZ_SECONDS=$(FUZZ_SECONDS) JOBS=$(JOBS) $(TIMED) "fuzz" scripts/run-fuzz.sh

.PHONY: bench
bench: build ## measure the webhook over TLS against a floor
	@cmake --build --preset release -j $(JOBS) --target bench

.PHONY: bench-cluster
bench-cluster: build ## follow a live cluster of 15,000 nodes in a storm of heartbeats
	@cmake --build --preset release -j $(JOBS) --target bench-cluster

.PHONY: bench-diagnose
bench-diagnose: build ## read a gigabyte of event log, and logs with large windows
	@cmake --build --preset release -j $(JOBS) --target bench-diagnose

.PHONY: image
image: ## build the container image with buildah, and check it (needs root)
	@$(TIMED) "image" scripts/build-image.sh

.PHONY: deps-e2e
deps-e2e: deps
	@scripts/install-deps.sh --e2e

# E2E=fast runs build/ballast on this machine's libraries instead of the image's files.
# SCENARIOS="submit policy" runs these alone, and brings only what they need.
.PHONY: e2e
e2e: deps-e2e ## run the chart and the image on a real API server (needs root)
	@tests/e2e/prepare.sh $(SCENARIOS)
ifeq ($(E2E),fast)
	@$(MAKE) build
	@tests/e2e/run.sh --binary build/ballast $(SCENARIOS)
else
	@$(MAKE) image
	@tests/e2e/run.sh --image build/image $(SCENARIOS)
endif

.PHONY: spark-classes
spark-classes: build ## hold Spark's arithmetic against its real classes, on random configurations
	@scripts/install-deps.sh --spark-classes
	@tests/e2e/fetch_spark.sh
	@$(TIMED) "real classes of Spark" python3 tests/spark_classes/main.py --count $(CONFIGURATIONS)

.PHONY: krew
krew: build ## make the archive and manifest of `kubectl ballast`, and try them with Krew itself
	@scripts/install-deps.sh --krew
	@$(TIMED) "krew" tests/krew/run.sh

# SCREENSHOTS=DIR keeps pictures of the page.
.PHONY: browser
browser: build ## look at the page with a real browser (Debian's Chromium)
	@scripts/install-deps.sh --browser
	@$(TIMED) "browser" python3 tests/browser/main.py --binary build/ballast $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS))

.PHONY: monitoring
monitoring: build ## run every query of dashboard and alerts on a real Prometheus
	@scripts/install-deps.sh --monitoring
	@$(TIMED) "monitoring" python3 tests/monitoring/main.py --binary build/ballast --prometheus .cache/prometheus/usr/bin

.PHONY: install
install: build ## copy the program to PREFIX/bin (/usr/local/bin)
	@install -D -m 0755 build/ballast $(DESTDIR)$(PREFIX)/bin/ballast
	@ln -sf ballast $(DESTDIR)$(PREFIX)/bin/kubectl-ballast

.PHONY: clean
clean: ## remove what was built
	@rm -rf build build-asan build-dev build-fuzz build-tsan
