# Everything that is done with this repository, by name. `make` lists it.
#
# Only Go and Node are needed to begin with; what else a goal needs it installs
# (as root on Debian) or names (tools/need.sh). Tools are built from pinned
# sources into .tools, which `make clean` keeps and `make distclean` removes.

MAKEFLAGS += --no-print-directory
SHELL     := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The same program with or without a C compiler; and no git is needed to build.
export CGO_ENABLED := 0
export GOFLAGS     := $(filter-out -buildvcs=%,$(GOFLAGS)) -buildvcs=false
export GOTOOLCHAIN := local

git     := git -c safe.directory='*'
VERSION ?= $(shell $(git) describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
PG      := go run ./internal/store/storetest/pg
web     := internal/web

## Daily

help: ## list the goals
	@awk -F':.*## ' '/^## /{printf "\n%s\n", substr($$0,4)} /^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: need-run build ## build, fill a play market and serve it; prints address and logins
	@bin/guildhall demo

test: need-test ## everything that must hold before a change lands
	@tools/test.sh

check: web vet lint generated short ## the quick part of it, before each commit

build: web bin ## bin/guildhall, with everything a browser needs inside

bin:
	@mkdir -p bin
	@go build -trimpath -ldflags '$(LDFLAGS)' -o bin/guildhall ./cmd/guildhall

generate: .tools/sqlc .tools/templ $(web)/node_modules/.lock ## write generated code anew: queries, pages, icons
	@cd internal/store && ../../.tools/sqlc generate
	@for part in kit page; do .tools/templ generate -path $(web)/$$part -log-level warn; done
	@cd $(web) && node icons.mjs

gallery: web ## every page in every state as pictures, into gallery/
	@GALLERY=1 tools/browser.sh

bench: build ## how fast orders are placed and lived through; JSON
	@for w in place-order order-life; do bin/guildhall bench $$w; done

nightly: need-nightly web mutation ## the long runs: a hundred million moves, and everything under the race detector
	@GUILDHALL_WALK=100000000 go test -timeout 180m -count=1 -run TestWalk ./internal/order
	@CGO_ENABLED=1 $(PG) go test -race -timeout 120m -count=1 ./...

mutation: .tools/gremlins ## is it noticed when a rule about money or state is changed? half an hour
	@for room in money ledger resolution order; do \
		GUILDHALL_WALK=20000 .tools/gremlins unleash --config tools/mutation/gremlins.yaml ./internal/$$room; done

clean: ## remove what was built
	@rm -rf bin gallery test-results e2e/test-results
	@find $(web)/static/dist -type f ! -name .keep -delete

distclean: clean ## and the tools and node's modules
	@rm -rf .tools $(web)/node_modules e2e/node_modules

## Parts

web: $(web)/static/dist/manifest.json ## style sheets, scripts and fonts, as a browser gets them

vet: ## what Go itself finds wrong
	@go vet ./...

lint: .tools/golangci-lint ## what else can be found wrong without running it
	@.tools/golangci-lint run

generated: .tools/sqlc .tools/templ $(web)/node_modules/.lock ## is generated code what its sources make?
	@tools/generated.sh

tidy: ## are go.mod and go.sum what the imports ask for?
	@go mod tidy -diff

unit: web ## go test on both engines; GO_TEST adds flags
	@$(PG) go test -timeout 15m $(GO_TEST) ./...

short: ## go test, the quick part
	@go test -short ./...

browser: web ## the journeys in a real browser, where e2e/ is there
	@tools/browser.sh

tools: .tools/sqlc .tools/templ .tools/golangci-lint ## build the pinned tools

need-run need-test need-nightly:
	@tools/need.sh $(@:need-%=%)

.PHONY: help run test check build bin generate gallery bench nightly mutation clean distclean \
	web vet lint generated tidy unit short browser tools need-run need-test need-nightly

# Files

.tools/sqlc: tools/go.mod
	@echo "building sqlc (once, some two minutes)" >&2
	@go build -modfile=tools/go.mod -o $@ github.com/sqlc-dev/sqlc/cmd/sqlc

.tools/templ: tools/go.mod
	@go build -modfile=tools/go.mod -o $@ github.com/a-h/templ/cmd/templ

.tools/golangci-lint: tools/lint/go.mod
	@echo "building golangci-lint (once, some minutes)" >&2
	@go build -modfile=tools/lint/go.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.tools/gremlins: tools/mutation/go.mod
	@go build -modfile=tools/mutation/go.mod -o $@ github.com/go-gremlins/gremlins/cmd/gremlins

$(web)/node_modules/.lock: $(web)/package-lock.json
	@cd $(web) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The style sheet holds the classes that pages use, so it follows them.
$(web)/static/dist/manifest.json: $(web)/node_modules/.lock $(web)/build.mjs \
		$(shell find $(web) -path '*/node_modules' -prune -o \( -name '*.templ' -o -name '*.css' -o -name '*.js' -o -name '*.svg' -o -name '*.go' ! -name '*_templ.go' ! -name '*_test.go' \) -not -path '*/dist/*' -print)
	@cd $(web) && node build.mjs
