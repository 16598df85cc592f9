# The one entry point, for people and for CI: `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

CARGO ?= cargo
GO ?= go
PYTHON ?= python3
KUBERNETES := v1.37.2
CONTROL_PLANE := target/control-plane
KUBEADM := target/kubeadm
PYTHON_ENV := target/python
PIP := $(PYTHON_ENV)/bin/pip --quiet --disable-pip-version-check
VERSION_FLAGS := -X k8s.io/component-base/version.gitVersion=$(KUBERNETES) \
	-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=37

# The harness looks for what is built here, wherever cargo is told to build.
export CARGO_TARGET_DIR := $(CURDIR)/target

# The same generated inputs in every run, so that a commit is green or red for good; another number asks of others.
export PROPTEST_RNG_SEED ?= 1

# $(call need,COMMAND,WHAT FOR): one clear line where a tool is missing, before anything is built.
need = command -v $(firstword $(1)) >/dev/null 2>&1 || { \
	echo "make: '$(firstword $(1))' is not installed; it is needed to $(2)." >&2; exit 1; }

# The gigabytes that are to be free: with the control plane there is nearly all that is big. ROOM=0 asks for none.
ROOM ?= $(if $(wildcard $(CONTROL_PLANE)),1,9)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

need-rust:
	@$(call need,$(CARGO),build the command and run the tests)
	@$(call need,cc,build the command)

need-go:
	@$(call need,$(GO),build the Kubernetes control plane that the tests run on)

# A full disk fails in a thousand words, none of which is "disk".
need-room:
	@for folder in . "$${TMPDIR:-/tmp}"; do \
		free=$$(df -Pk "$$folder" 2>/dev/null | awk 'NR == 2 { print int($$4 / 1048576) }'); \
		[ "$$folder" = . ] && needed=$(ROOM) || needed=$$(( $(ROOM) > 0 )); \
		[ "$${free:-$$needed}" -ge "$$needed" ] || { echo "make: $$free GB are free in $$folder, and $$needed are needed to build and to test; ROOM=0 goes on without." >&2; exit 1; }; done

need-lints:
	@for tool in fmt clippy; do $(CARGO) $$tool --version >/dev/null 2>&1 || { \
		echo "make: 'cargo $$tool' is not installed; it is needed to check the code: rustup component add rustfmt clippy" >&2; \
		exit 1; }; done
	@$(call need,gofmt,check the control plane's code)
	@$(call need,c++,check the fuzz targets with libFuzzer)

demo: need-rust need-go need-room $(CONTROL_PLANE) ## run the main job on a real control plane and tell what happens
	@[ -x target/debug/demo ] || echo "Building kubeadm-token and the demo; the first time takes about 3 minutes."
	@$(CARGO) build --quiet --locked --workspace --bins --all-features
	@KUBEADM_TOKEN=target/debug/kubeadm-token target/debug/demo

build: need-rust ## build the command for release
	$(CARGO) build --locked --profile $(COMMAND_PROFILE) --package kubeadm-token

# `dev` for a library that is there at once.
LIBRARY_PROFILE ?= library
LIBRARY_FOLDER := target/$(LIBRARY_PROFILE:dev=debug)
LIBRARY := $(LIBRARY_FOLDER)/libbootstrap_token

library: need-rust ## build the C library for release
	$(CARGO) build --locked --profile $(LIBRARY_PROFILE) --package bootstrap-token-ffi

control-plane: need-go $(CONTROL_PLANE) ## build etcd, API server, controller manager, kubeadm and kubectl for the tests

CLUSTER_SOURCES := $(wildcard tests/cluster/*.go tests/cluster/*.s tests/cluster/go.*)
GO_BUILD := CGO_ENABLED=0 $(GO) build -C tests/cluster -trimpath -ldflags "-s -w $(VERSION_FLAGS)"

$(CONTROL_PLANE): $(CLUSTER_SOURCES) | need-go
	@echo "Building the Kubernetes $(KUBERNETES) control plane; the first time takes about 8 minutes and 5 GB."
	@$(GO_BUILD) -o $(CURDIR)/$@ . && touch $@

# kubeadm as it is shipped, a program of its own: what ours is measured against.
$(KUBEADM): $(CONTROL_PLANE)
	@$(GO_BUILD) -o $(CURDIR)/$@ k8s.io/kubernetes/cmd/kubeadm && touch $@

# Suites that run at the same time as all others, in two lanes: they mostly wait for what they have stopped.
LANE_ONE := faults oracle
LANE_TWO := diagnose
# What compiles and runs C, Go and Python, and kubeadm next to ours: so no lane is much longer than another.
LANE_THREE := bindings dropin
TEST := KUBEADM_TOKEN=target/debug/kubeadm-token $(CARGO) test --workspace --all-features --no-fail-fast

test: need-rust need-go need-bindings need-room lint $(CONTROL_PLANE) $(PYTHON_ENV)/ready ## run every test: units, docs, upstream beside ours, the real control plane, C, Go, Python
	@CGO_ENABLED=0 $(GO) vet -C tests/cluster -trimpath .
	$(CARGO) test --workspace --all-features --quiet --no-run
	$(CARGO) build --quiet --package bootstrap-token-ffi
	$(CARGO) build --quiet --package bootstrap-token-ffi --profile library
	@$(TEST) $(LANE_ONE:%=--test %) >target/lane-one.log 2>&1 & one=$$!; \
	$(TEST) $(LANE_TWO:%=--test %) >target/lane-two.log 2>&1 & two=$$!; \
	{ $(MAKE) --no-print-directory test-go test-python && $(TEST) $(LANE_THREE:%=--test %); } >target/lane-three.log 2>&1 & three=$$!; \
	SUITES_BESIDE="$(LANE_ONE) $(LANE_TWO) $(LANE_THREE)" $(TEST); done=$$?; \
	wait $$three || done=1; cat target/lane-three.log; \
	wait $$one || done=1; cat target/lane-one.log; \
	wait $$two || done=1; cat target/lane-two.log; \
	[ $$done -eq 0 ] || sed -n '/^failures:$$/,/^test result/p' target/lane-*.log >&2; exit $$done

unit: need-rust ## run the tests that need nothing but Rust
	$(CARGO) test --all-features

lint: need-rust need-go need-lints ## check format, lints and documentation
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	@[ -d target/debug ] || echo "Compiling for the lints; the first time takes about 2 minutes."
	$(CARGO) clippy --workspace --all-targets --all-features --quiet -- --deny warnings
	@RUSTFLAGS=--cfg=fuzzing CARGO_TARGET_DIR=$(FUZZ) $(CARGO) clippy --manifest-path fuzz/Cargo.toml --all-targets --locked --quiet -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --exclude conformance --no-deps --all-features --quiet
	@files="$$(gofmt -l tests/cluster tests/go bindings/go examples/go)" && test -z "$$files" || { echo "gofmt: not as it writes them: $$files" >&2; exit 1; }

bench: need-rust need-go need-bindings build library $(CONTROL_PLANE) $(KUBEADM) $(PYTHON_ENV)/ready ## measure ours against kubeadm on one control plane, and the libraries
	$(CARGO) build --quiet --package conformance --bins
	$(CARGO) build --quiet --release --package bootstrap-token-discovery --example per_call
	@$(call library-in-place,$(CURDIR)/$(LIBRARY_FOLDER))
	@$(call with-library,$(CURDIR)/$(LIBRARY_FOLDER)) $(GO) build -C tests/go $(AS_THERE) -o $(CURDIR)/target/bench-go ./bench
	target/debug/bench
	$(CARGO) bench --quiet --package bootstrap-token --package bootstrap-token-secret

FUZZ := $(CURDIR)/target/fuzz
FUZZ_SECONDS ?= 60
FUZZ_TARGETS := jws pin pem der x509 kubeconfig cluster_info printers durations config wire yaml jsonpath proxy

# What was tried with new effect is kept in $(FUZZ)/corpus, and tried first the next time.
fuzz: need-rust ## look for input that breaks what reads or prints text of others: FUZZ_SECONDS (60) for each target
	@$(call need,c++,build libFuzzer)
	@host="$$(rustc -vV | sed -n 's/^host: //p')" && cd fuzz && \
	CARGO_TARGET_DIR=$(FUZZ) $(CARGO) build --quiet --release --locked --target "$$host" && \
	for name in $(FUZZ_TARGETS); do mkdir -p "$(FUZZ)/corpus/$$name" && \
		"$(FUZZ)/$$host/release/$$name" -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=5 -rss_limit_mb=1024 \
		-verbosity=0 -print_final_stats=1 -artifact_prefix="$(FUZZ)/$$name-" "$(FUZZ)/corpus/$$name" "seeds/$$name" \
		>"$(FUZZ)/$$name.log" 2>&1 || { grep -v '^ ' "$(FUZZ)/$$name.log" >&2; \
			echo "make: fuzzing '$$name' found something: $(FUZZ)/$$name.log" >&2; exit 1; }; \
		awk -v name="$$name" '/executed_units/ { units = $$2 } /exec_per_sec/ { rate = $$2 } \
			END { printf "%-14s %9d inputs, %6d a second: nothing found\n", name, units, rate }' "$(FUZZ)/$$name.log"; \
	done

need-python:
	@$(call need,$(PYTHON),build and test the Python package)

$(PYTHON_ENV)/ready: bindings/python/requirements-test.txt | need-python
	$(PYTHON) -m venv $(PYTHON_ENV)
	$(PIP) install --requirement $<
	@touch $@

# $(call wheel,FOLDER OF THE LIBRARY,FOLDER OF THE WHEEL)
wheel = rm -rf $(2) && BOOTSTRAP_TOKEN_LIBRARY=$(CURDIR)/$(1)/libbootstrap_token.so \
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir $(2) bindings/python

wheel: library $(PYTHON_ENV)/ready ## build the Python package, with the library inside it, for this platform
	$(call wheel,$(LIBRARY_FOLDER),target/wheel)

test-python: need-rust $(PYTHON_ENV)/ready ## run the tests of the Python package
	$(CARGO) build --quiet --package bootstrap-token-ffi
	$(call wheel,target/debug,target/wheel-debug)
	cd bindings/python && $(CURDIR)/$(PYTHON_ENV)/bin/mypy
	$(PYTHON_ENV)/bin/ruff check --quiet --config bindings/python/pyproject.toml bindings/python examples/python tests/python
	$(PYTHON_ENV)/bin/ruff format --quiet --check --config bindings/python/pyproject.toml bindings/python examples/python tests/python
	BOOTSTRAP_TOKEN_LIBRARY=$(CURDIR)/target/debug/libbootstrap_token.so PYTHONPATH=bindings/python/src \
	BOOTSTRAP_TOKEN_WHEEL=$$(echo $(CURDIR)/target/wheel-debug/*.whl) \
	$(PYTHON_ENV)/bin/python -B -X dev -W error -m unittest discover --start-directory bindings/python/tests

# $(call pkg-config,LIBDIR,INCLUDEDIR,PREFIX,FOLDER): the shared and the static library for pkg-config, by their prefix.
# Whole at once: a Go build may be reading the one that is there.
pkg-config = umask 022 && for name in bootstrap_token bootstrap_token-static; do \
	sed -e 's|@LIBDIR@|$(patsubst $(3)/%,$${prefix}/%,$(1))|' -e 's|@INCLUDEDIR@|$(patsubst $(3)/%,$${prefix}/%,$(2))|' \
		-e 's|@PREFIX@|$(3)|' -e 's|@VERSION@|$(VERSION)|' "include/$$name.pc.in" >"$(4)/$$name.pc.$$$$" && \
		mv -f "$(4)/$$name.pc.$$$$" "$(4)/$$name.pc" || exit 1; done

# The C library where cargo puts it, so that programs are built against it: $(call library-in-place,FOLDER)
library-in-place = mkdir -p $(1)/pkgconfig $(1)/soname && \
	$(call pkg-config,$(1),$(CURDIR)/include,$(1),$(1)/pkgconfig) && \
	ln -sf ../libbootstrap_token.so $(1)/soname/libbootstrap_token.so.$(ABI_VERSION)
# Go does not notice when a pkg-config file or a header changes; it does notice the flags.
with-library = PKG_CONFIG_PATH=$(1)/pkgconfig CGO_LDFLAGS=-L$(1) LD_LIBRARY_PATH=$(1)/soname \
	CGO_CPPFLAGS=-DBOOTSTRAP_TOKEN_HEADER=$$(cksum <include/bootstrap_token.h | cut -d' ' -f1)
WITH_LIBRARY = $(call with-library,$(CURDIR)/target/debug)
# As the control plane is built, so that what both have of Kubernetes is compiled once.
AS_THERE := -trimpath -tags=netgo,osusergo
comma := ,
# $(call go-test,FOLDER,FLAGS): never from Go's cache, which knows neither the library nor GOGC
go-test = $(WITH_LIBRARY) GOFLAGS="$$($(GO) env GOFLAGS) $(2)" sh -c '$(GO) vet -C "$$0" ./... && $(GO) test -C "$$0" -count=1 ./...' $(1)

need-bindings: need-python
	@$(call need,pkg-config,build programs against the C library)
	@$(call need,c++,check the header in C++)

library-in-place: need-rust
	@$(CARGO) build --quiet --package bootstrap-token-ffi
	@$(call library-in-place,$(CARGO_TARGET_DIR)/debug)

test-go: need-rust need-go need-bindings library-in-place ## run the tests of the Go package
	for folder in bindings/go examples/go; do $(call go-test,$$folder,) || exit 1; done
	for folder in bindings/go/clusterbootstrap tests/go; do $(call go-test,$$folder,$(AS_THERE)) || exit 1; done
	GOGC=1 $(call go-test,bindings/go,)
	for folder in bindings/go bindings/go/clusterbootstrap; do \
		$(call go-test,$$folder,-trimpath -tags=static_build$(comma)netgo$(comma)osusergo) || exit 1; done

test-go-deep: test-go ## run them once more under the race detector, the address sanitizer and cgo's checks
	@$(call need,gcc,run the Go tests under the address sanitizer)
	for folder in bindings/go bindings/go/clusterbootstrap; do \
		$(WITH_LIBRARY) $(GO) test -C $$folder $(AS_THERE) -count=1 -race ./... && \
		$(WITH_LIBRARY) CC=gcc $(GO) test -C $$folder $(AS_THERE) -count=1 -asan ./... && \
		$(WITH_LIBRARY) GOEXPERIMENT=cgocheck2 $(GO) test -C $$folder $(AS_THERE) -count=1 ./... || exit 1; done

# A control plane like the other, but for one line of go.mod: what k8s.io/cluster-bootstrap does in it, this library does.
OUR_CORE := target/our-core
OUR_CORE_SUITES := conformance diagnose dropin

our-core: need-rust need-go need-bindings library ## build a control plane whose tokens are checked and signed by this library
	@mkdir -p $(OUR_CORE) && cp tests/cluster/go.sum $(OUR_CORE)/go.sum
	@sed 's|\(k8s.io/cluster-bootstrap =>\) .*|\1 $(CURDIR)/bindings/go/clusterbootstrap|' tests/cluster/go.mod >$(OUR_CORE)/go.mod
	@$(call library-in-place,$(CURDIR)/$(LIBRARY_FOLDER))
	@echo "Building the control plane over libbootstrap_token; the first time takes about 2 minutes."
	@# The library's digest among the flags: Go links anew when it has changed.
	@$(call with-library,$(CURDIR)/$(LIBRARY_FOLDER)) CGO_ENABLED=1 $(GO) build -C tests/cluster -modfile=$(CURDIR)/$(OUR_CORE)/go.mod \
		-trimpath -tags=static_build,netgo,osusergo \
		-ldflags "-s -w $(VERSION_FLAGS) -X main.core=$$(cksum <$(LIBRARY).a | tr ' ' -)" -o $(CURDIR)/$(OUR_CORE)/control-plane .
	@$(GO) version -m $(OUR_CORE)/control-plane | grep -q 'clusterbootstrap' || { \
		echo "make: the control plane is not built over this library" >&2; exit 1; }

test-our-core: our-core ## run the suites on that control plane, and with its kubeadm
	$(CARGO) build --quiet --package kubeadm-token
	CONTROL_PLANE=$(CURDIR)/$(OUR_CORE)/control-plane $(TEST) $(OUR_CORE_SUITES:%=--test %)

header: need-rust ## write include/bootstrap_token.h and its lists anew from the exported functions
	BOOTSTRAP_TOKEN_WRITE_HEADER=1 $(CARGO) test --quiet --package bootstrap-token-ffi --test header

ABI_BEFORE := target/abi-before
# With types, which a debug build of ours has not, in a folder of its own. What is new breaks no program, and neither does
# what the header does not show: how an object lies in memory.
ABI_BUILD := build --quiet --config profile.dev.debug=2 --package bootstrap-token-ffi
ABIDIFF := abidiff --no-added-syms --headers-dir1 $(ABI_BEFORE)/include --headers-dir2 include

abi: need-rust ## look whether the C library's ABI has broken since the last tag, by abidiff
	@tag=$$(git describe --tags --abbrev=0 2>/dev/null) || { echo "There is no tag yet, and so no ABI to keep."; exit 0; }; \
	{ $(call need,abidiff,compare the ABI with that of a tag) } && \
	rm -rf $(ABI_BEFORE) && git worktree prune && git worktree add --quiet --detach $(ABI_BEFORE) "$$tag" && \
	for folder in $(ABI_BEFORE) .; do $(CARGO) $(ABI_BUILD) --manifest-path $$folder/Cargo.toml \
		--target-dir $$folder/target/abi || exit 1; done && \
	$(ABIDIFF) $(ABI_BEFORE)/target/abi/debug/libbootstrap_token.so target/abi/debug/libbootstrap_token.so && \
	echo "Programs built against $$tag run with this library."

man: need-rust ## write the manual pages anew from the command's own definitions
	KUBEADM_TOKEN_WRITE_MANUAL=1 $(CARGO) test --quiet --package kubeadm-token --lib the_manual_pages

# Where a packager wants them.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share
COMMAND_PROFILE ?= release
COMMAND := target/$(COMMAND_PROFILE:dev=debug)/kubeadm-token

LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

# One clear line before anything is built or written. A pkg-config file cannot hold a space.
need-places:
	@for place in "PREFIX=$(PREFIX)" "LIBDIR=$(LIBDIR)" "INCLUDEDIR=$(INCLUDEDIR)" "BINDIR=$(BINDIR)" "MANDIR=$(MANDIR)" \
		"DATADIR=$(DATADIR)"; do \
		case "$${place#*=}" in \
		*[[:space:]]*) echo "make: '$$place' has a space in it; choose a folder without one." >&2; exit 1 ;; \
		/*) ;; \
		*) echo "make: '$$place' is no absolute path; name one, such as PREFIX=/usr/local." >&2; exit 1 ;; \
		esac; done

install: install-command install-library ## put all of it under PREFIX (/usr/local), below DESTDIR if given

install-library: need-places library ## put the C library, its header and pkg-config file under PREFIX; as root, tell ldconfig
	install -D -m 755 $(LIBRARY).so "$(DESTDIR)$(LIBDIR)/libbootstrap_token.so.$(VERSION)"
	ln -sf libbootstrap_token.so.$(VERSION) "$(DESTDIR)$(LIBDIR)/libbootstrap_token.so.$(ABI_VERSION)"
	ln -sf libbootstrap_token.so.$(ABI_VERSION) "$(DESTDIR)$(LIBDIR)/libbootstrap_token.so"
	install -D -m 644 $(LIBRARY).a "$(DESTDIR)$(LIBDIR)/libbootstrap_token.a"
	install -D -m 644 include/bootstrap_token.h "$(DESTDIR)$(INCLUDEDIR)/bootstrap_token.h"
	install -d "$(DESTDIR)$(LIBDIR)/pkgconfig"
	$(call pkg-config,$(LIBDIR),$(INCLUDEDIR),$(PREFIX),$(DESTDIR)$(LIBDIR)/pkgconfig)
	@# A packager's business below DESTDIR; and no more than a hint where the loader does not look.
	@[ -n "$(DESTDIR)" ] || { [ "$$(id -u)" -eq 0 ] && ldconfig; }; \
	[ -n "$(DESTDIR)" ] || ldconfig -p | grep -q " $(LIBDIR)/libbootstrap_token.so.$(ABI_VERSION)$$" || \
		echo "Programs find the library by LD_LIBRARY_PATH=$(LIBDIR), or once its folder is in /etc/ld.so.conf.d and ldconfig has run."

# $(call completion,SHELL,FILE): mode 644, as install gives it, whatever the umask is
completion = umask 022 && rm -f "$(DESTDIR)$(DATADIR)/$(2)" && \
	KUBEADM_TOKEN_COMPLETE=$(1) $(COMMAND) >"$(DESTDIR)$(DATADIR)/$(2)"

install-command: need-places build ## put command, manual pages and completions under PREFIX
	install -D -m 755 $(COMMAND) "$(DESTDIR)$(BINDIR)/kubeadm-token"
	ln -sf kubeadm-token "$(DESTDIR)$(BINDIR)/kubectl-bootstrap_token"
	ln -sf kubeadm-token "$(DESTDIR)$(BINDIR)/kubectl_complete-bootstrap_token"
	install -D -m 644 -t "$(DESTDIR)$(MANDIR)/man1" docs/man/*.1
	install -d "$(DESTDIR)$(DATADIR)/bash-completion/completions" "$(DESTDIR)$(DATADIR)/zsh/site-functions" \
		"$(DESTDIR)$(DATADIR)/fish/vendor_completions.d"
	$(call completion,bash,bash-completion/completions/kubeadm-token)
	$(call completion,zsh,zsh/site-functions/_kubeadm-token)
	$(call completion,fish,fish/vendor_completions.d/kubeadm-token.fish)

ABI_VERSION = $(shell sed -n 's/^.define BOOTSTRAP_TOKEN_ABI_VERSION //p' include/bootstrap_token.h)
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
DEB := target/deb

deb: ## make a Debian package of the command
	@$(call need,dpkg-deb,make a Debian package)
	rm -rf $(DEB)
	$(MAKE) install-command DESTDIR=$(DEB) PREFIX=/usr
	gzip --best --no-name $(DEB)/usr/share/man/man1/*.1
	install -D -m 644 LICENSE $(DEB)/usr/share/doc/kubeadm-token/copyright
	mkdir $(DEB)/DEBIAN
	printf '%s\n' 'Package: kubeadm-token' 'Version: $(VERSION)' "Architecture: $$(dpkg --print-architecture)" \
		'Maintainer: the authors of kubeadm-token <kubeadm-token@localhost>' 'Section: admin' 'Priority: optional' \
		'Depends: libc6, libgcc-s1' 'Description: create, list and delete Kubernetes bootstrap tokens' \
		' A drop-in for "kubeadm token" that needs nothing but a kubeconfig.' > $(DEB)/DEBIAN/control
	dpkg-deb --root-owner-group --build $(DEB) target

fmt: ## format everything
	$(CARGO) fmt --all
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml
	gofmt -w tests/cluster tests/go bindings/go examples/go

clean: ## remove what was built
	$(CARGO) clean

.PHONY: need-room need-places our-core test-our-core library-in-place need-rust need-go need-lints help demo build library control-plane test unit lint bench fuzz need-bindings test-go test-go-deep need-python wheel test-python header abi man install install-command install-library deb fmt clean
