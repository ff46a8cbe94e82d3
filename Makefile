# Weir's commands. `make help` lists them.
#
# Build results and downloads are cached outside of the clone, so that a fresh clone builds fast.

WEIR_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/weir
export WEIR_CACHE
export CARGO_TARGET_DIR ?= $(WEIR_CACHE)/target
export DUCKDB_LIB_DIR ?= $(WEIR_CACHE)/duckdb-1.5.6
# Clones share the target folder: a test that another clone compiled finds the snapshots of this one.
export INSTA_WORKSPACE_ROOT := $(CURDIR)
export LD_LIBRARY_PATH := $(DUCKDB_LIB_DIR):$(LD_LIBRARY_PATH)

DATA_DIR ?= data
LISTEN ?= 127.0.0.1:8080

# The smallest share of lines, in percent, that `make coverage` accepts.
COVERAGE ?= 85

.PHONY: help run demo build test coverage check test-rust test-web lint-rust lint-web test-setup torture changes screenshots bench openapi docs fmt setup env clean

help: ## List the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

run: build ## Build and start Weir on 127.0.0.1:8080 with the data directory ./data
	./bin/weir serve --data-dir $(DATA_DIR) --listen $(LISTEN)

demo: build ## Build and start Weir with a tenant full of realistic live data, in ./data/demo
	./bin/weir demo --data-dir $(DATA_DIR)/demo --listen $(LISTEN)

build: setup web/dist/index.html ## Build the release binary ./bin/weir, with libduckdb next to it
	cargo build --release --locked --package weir-cli
	mkdir -p bin
	cp -f $(CARGO_TARGET_DIR)/release/weir bin/weir.new && mv -f bin/weir.new bin/weir
	cp -f $(DUCKDB_LIB_DIR)/libduckdb.so bin/libduckdb.so.new && mv -f bin/libduckdb.so.new bin/libduckdb.so
	scripts/setup-crypto $(DUCKDB_LIB_DIR)
	cp -f $(DUCKDB_LIB_DIR)/httpfs.duckdb_extension bin/ 2>/dev/null || true

test: check test-web test-rust ## Set up and run every check and every test

check: lint-web lint-rust ## Check formatting, lints, types, licences and known vulnerabilities

lint-rust: setup web/dist/index.html
	cargo fmt --all --check
	scripts/deny $(WEIR_CACHE)
	cargo clippy --workspace --all-targets --locked -- -D warnings

lint-web: web/node_modules/.installed
	npm --prefix web run check

test-web: web/node_modules/.installed
	npm --prefix web test

test-setup: setup web/dist/index.html
	scripts/setup-browser
	scripts/setup-schemathesis $(WEIR_CACHE)/schemathesis
	npm --prefix crates/e2e/oidc ci --no-audit --no-fund

test-rust: test-setup
	cargo build --workspace --all-targets --locked
	WEIR_BIN=$(CARGO_TARGET_DIR)/debug/weir cargo test --workspace --locked

coverage: test-setup ## Run the Rust tests instrumented and list the lines that no test runs
	scripts/coverage $(WEIR_CACHE) $(COVERAGE)

torture: setup ## Test 400 random histories of events in random orders (half an hour)
	PROPTEST_CASES=400 cargo test --package weir-store-duckdb --locked --test conformance any_interleaving

changes: setup ## Look for what changed in many generated companies, with incidents and without (an hour)
	cargo build --package weir-cli --locked
	cargo test --package weir-e2e --locked --test e2e changes::proof -- --ignored --test-threads=1 --nocapture

screenshots: build ## Render every view in each theme and width into ./screenshots, with an index page
	scripts/setup-browser
	scripts/screenshots bin/weir screenshots

bench: build ## Compare Weir with ClickHouse, DuckDB and PostgreSQL; writes bench/README.md
	bench/run

openapi: setup ## Regenerate openapi.json and the web application's types from the code
	cargo run --package weir-cli --locked -- openapi > openapi.json.new && mv openapi.json.new openapi.json
	npm --prefix web run types

docs: setup ## Regenerate docs/metrics.md and the roles in docs/SECURITY.md from the code
	UPDATE_DOCS=1 cargo test --package weir-query --locked --test metrics_document
	UPDATE_DOCS=1 cargo test --package weir-meta --locked --test security_document

fmt: ## Format all code
	cargo fmt --all
	npm --prefix web run format

setup: $(DUCKDB_LIB_DIR)/libduckdb.so

env: ## Print the environment that cargo needs: eval "$$(make env)"
	@echo 'export CARGO_TARGET_DIR="$(CARGO_TARGET_DIR)" DUCKDB_LIB_DIR="$(DUCKDB_LIB_DIR)" LD_LIBRARY_PATH="$(LD_LIBRARY_PATH)"'

$(DUCKDB_LIB_DIR)/libduckdb.so:
	scripts/setup-duckdb $(DUCKDB_LIB_DIR)

web/node_modules/.installed: web/package.json web/package-lock.json
	npm --prefix web ci --no-audit --no-fund
	touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	npm --prefix web run build
	@touch $@

clean: ## Remove build results in the clone; the cache stays
	rm -rf bin web/dist web/node_modules
