# Everything a person does with this repository. Recipes are plain sh; what is longer lies in packaging/ and tests/.
.POSIX:
.PHONY: help build man dist deb demo test test-unit test-scripts fuzz chaos soak format lint bench bench-paths bench-smoke bench-readme clean

TIMES = 50
SECONDS = 3600

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

build: ## bin/opx and bin/opx-authd, native where this machine can
	@sh packaging/build.sh

man: build ## packaging/man/, from what both programs say with --help
	@sh packaging/man/make.sh bin packaging/man

dist: build ## dist/: archive, SBOM, checksums; the same bytes from the same commit
	@sh packaging/dist.sh

deb: build ## dist/opx_VERSION_ARCH.deb
	@sh packaging/deb.sh

demo: build ## try it on the fake backend, in a scratch home that is removed again
	@sh tests/demo.sh

test: build ## all tests
	@sh tests/run.sh all

test-unit: ## the tests that need no published program
	@sh tests/run.sh unit

test-scripts: build ## the scripts in tests/Opx.Scripts.Tests, on bin/
	@sh tests/run.sh scripts

fuzz: ## ten million inputs and a hundred thousand histories: minutes (TARGET=policy SEED=7 for one of them)
	@sh tests/fuzz.sh $(TARGET) $(SEED)

chaos: build ## the scripts of chaos/ TIMES as long as in the suite (50): more than a thousand kills
	@OPX_CHAOS=$(TIMES) OPX_SAY=yes OPX_SCRIPT=chaos/ sh tests/run.sh scripts

soak: build ## SECONDS (3600) of load with faults injected; memory, handles and threads stay level
	@OPX_SOAK=$(SECONDS) OPX_SAY=yes OPX_SCRIPT=chaos/memory-handles sh tests/run.sh scripts

format: ## put the code into the shape that lint demands
	dotnet format opx.sln

lint: ## formatting, warnings as errors, shellcheck where it is installed
	@sh tests/lint.sh

bench: build ## what opx costs, side by side with the least that C can do (ROUNDS=15 for quieter figures)
	@bash tests/bench/bench.sh

bench-paths: build ## what each way through the daemon costs: hits, misses, batches, large values, policies, the log
	@bash tests/bench/paths.sh

bench-smoke: build ## the part of it that can be counted, with limits: half a minute
	@bash tests/bench/smoke.sh

bench-readme: build ## the same, with the table written into README.md
	@bash tests/bench/bench.sh --readme

clean: ## remove bin/ and .build/
	rm -rf bin .build
