# The index of habits. Everything needs Go and make, nothing else.
GO ?= go
BINARY := atlasctl-sync

.PHONY: help api build demo test lint lint-ci generate check-generated fuzz vuln chaos bench update release

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

build: ## build ./atlasctl-sync
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BINARY) ./cmd/atlasctl-sync

demo: build ## the main job on the built-in emulator: plan, apply, plan, drift
	$(GO) run ./internal/demo ./$(BINARY) examples

# The scripts start the program some 700 times, and each would sleep a second at its end.
# What runs for every kind or address, and the scripts, run by themselves without the race
# detector: the worlds, the processes and the packages are where goroutines meet. make chaos
# has the scripts with it. Both parts run at once: each waits more than it computes.
generated := '^(TestEveryKind|TestSuiteRejects|TestEveryTarget|TestExportThenPlan|TestUndoOfTheExamples|TestUndoOfTheUndo|TestScripts)$$'

test: ## everything that must hold, with the race detector
	@summary=$$(mktemp) && other=$$(mktemp) && code=0 && export GORACE=atexit_sleep_ms=50 ATLASCTL_SYNC_SUMMARY=$$summary && \
	{ $(GO) run ./internal/testwatch $(GO) test -count=1 -timeout 14m -run $(generated) ./cmd/atlasctl-sync >"$$other" 2>&1 & } && \
	{ $(GO) run ./internal/testwatch $(GO) test -race -count=1 -timeout 14m -skip $(generated) ./... || code=$$?; } && \
	{ wait $$! || code=$$?; } && \
	sed '/^… /d' "$$other" && cat "$$summary"; rm -f "$$other" "$$summary"; exit $$code

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { echo "not gofmt-ed:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

generate: build ## write what is generated: schemas/, docs/kinds/, docs/words.md and docs/coverage.md
	./$(BINARY) schema > schemas/atlasctl-sync.schema.json
	rm -rf docs/kinds && mkdir docs/kinds && $(GO) run ./internal/reference/generate examples docs/kinds
	$(GO) run ./internal/reference/generate words spec > docs/words.md
	$(GO) run ./internal/coverage > docs/coverage.md

check-generated: generate ## fail if generated files were not current
	git diff --exit-code -- schemas docs/kinds docs/words.md docs/coverage.md
	@if test -f $(OPENAPI); then $(GO) run ./internal/api/extract $(OPENAPI) | diff -q - internal/api/facts.txt >/dev/null || \
		{ echo "internal/api/facts.txt is not what $(OPENAPI) says: make api"; exit 1; }; \
	else echo "facts of the API: not compared, there is no $(OPENAPI)"; fi

# MongoDB publishes it as openapi/.raw/v2.yaml of github.com/mongodb/openapi; its licence
# (CC BY-NC-SA) keeps it out of this repository.
OPENAPI ?= ../shared/atlas/openapi-multi-version.yml

api: ## take the facts of the API out of its official description: make api OPENAPI=path
	$(GO) run ./internal/api/extract $(OPENAPI) > internal/api/facts.new
	mv internal/api/facts.new internal/api/facts.txt

fuzz: ## fuzz the loader, policies, the plan reader, the answer decoder, fmt and --accept for a minute each
	$(GO) test -run '^$$' -fuzz FuzzLoad -fuzztime 60s ./spec
	$(GO) test -run '^$$' -fuzz FuzzPolicy -fuzztime 60s ./internal/policy
	$(GO) test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./internal/planfile
	$(GO) test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./internal/atlas
	$(GO) test -run '^$$' -fuzz FuzzFile -fuzztime 60s ./internal/format
	$(GO) test -run '^$$' -fuzz FuzzParseAccepted -fuzztime 60s ./drift

vuln: ## look for known weaknesses in what is used; needs a network
	$(GO) run golang.org/x/vuln/cmd/govulncheck@latest ./...

chaos: ## 2,000 random worlds with random faults, and 200 of every kind, and the scripts with the race detector; prints how to replay a failure
	$(GO) test -count=1 -timeout 80m -run TestChaos -v ./cmd/atlasctl-sync -rapid.checks=2000
	EVERY=1 $(GO) test -count=1 -timeout 60m -run TestEveryTarget ./cmd/atlasctl-sync
	$(GO) test -count=1 -timeout 120m -run TestEveryKind -v ./cmd/atlasctl-sync -rapid.checks=200
	GORACE=atexit_sleep_ms=50 $(GO) test -race -count=1 -timeout 60m -run TestScripts ./cmd/atlasctl-sync

bench: build ## plan and apply over 100 and 1,000 projects at 50 ms; 1,000 projects by 1 to 8 shards; plan projects of nearly all kinds; validate 10,000 resources, and 100,000 of a baseline
	$(GO) run ./internal/bench ./$(BINARY)

update: ## rewrite the expected output of the scripts
	UPDATE=1 $(GO) test ./cmd/atlasctl-sync

SNAPSHOT := --snapshot
# The module cache comes first, so that it works without a network once it is filled.
release: export GOPROXY := file://$(shell $(GO) env GOMODCACHE)/cache/download,$(shell $(GO) env GOPROXY)
release: ## build the release archives, checksums and SBOMs into dist/
	$(GO) run github.com/goreleaser/goreleaser/v2@v2.16.0 release --clean $(SNAPSHOT)

lint-ci: ## check the workflow files, ours and the recipes, and the chart
	$(GO) run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 .github/workflows/*.yml examples/ci/github/.github/workflows/*.yml examples/ci/drill/.github/workflows/*.yml
	cd internal/charttest && $(GO) vet . && $(GO) test -count=1 .
