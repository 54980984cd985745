# SPDX-License-Identifier: Apache-2.0

SHELL := /bin/bash
PREFIX ?= /usr/local
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# What the program needs to be built and to run, and what its tests run beside it.
BUILD_PACKAGES := libssl-dev libsodium-dev libp11-kit-dev pkg-config openssl
TEST_PACKAGES := easy-rsa openssh-client python3 python3-cryptography python3-cryptography-vectors python3-html5lib chromium libnss3-tools gnutls-bin shellcheck git strace softhsm2 opensc libengine-pkcs11-openssl gcc libc6-dev qrencode zbar-tools tmux

# Out of Debian's package, without the server that it is for.
PROMTOOL := .build-tools/usr/bin/promtool

RELEASE_FLAGS := -c release --static-swift-stdlib -Xlinker -z -Xlinker now --scratch-path .build-release
RELEASE := .build-release/release/ca-escrow

.DELETE_ON_ERROR:

.PHONY: deps test-deps build release demo test step-interop check format lint transcripts-release shellcheck faults faults-quick bench install clean

# Installs those packages of $(1) that are missing.
define install_packages
	@missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' "$$package" 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

deps:
	$(call install_packages,$(BUILD_PACKAGES))

test-deps: deps $(PROMTOOL)
	$(call install_packages,$(TEST_PACKAGES))
	@command -v keytool >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; }

$(PROMTOOL):
	rm -rf .build-tools/download
	mkdir -p .build-tools/download
	$(SUDO) apt-get update -qq
	cd .build-tools/download && apt-get -o APT::Sandbox::User=$$(id -un) download -qq prometheus
	dpkg-deb --fsys-tarfile .build-tools/download/prometheus_*.deb | tar -x -m -C .build-tools ./usr/bin/promtool
	rm -rf .build-tools/download

build: deps
	swift build --product ca-escrow

release: deps
	swift build $(RELEASE_FLAGS) --product ca-escrow

# The whole story on a real CA, in a directory of its own.
demo: build
	PATH="$(CURDIR)/.build/debug:$$PATH" Fixtures/tools/demo.sh

test: test-deps
	swift test

# What smallstep's own code makes of the keys that are restored into a step-ca folder. Not part of the checks: Debian's
# packages of it are 160 MB to fetch and a gigabyte on disk.
step-interop: build
	$(call install_packages,golang-go golang-github-smallstep-certificates-dev)
	PATH="$(CURDIR)/.build/debug:$$PATH" Fixtures/step-ca/interop.sh

# Everything that must hold before a change lands, except what `make test` does.
check: test-deps lint shellcheck transcripts-release faults-quick

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

shellcheck:
	shellcheck Fixtures/*/*.sh Benchmarks/*.sh Faults/*.sh .ci/run

# The transcripts once more, with the binary that is installed.
transcripts-release: release
	CA_ESCROW="$(CURDIR)/$(RELEASE)" swift test --filter 'TranscriptTests|ReadmeTests'

# What is left when the system fails every command that writes, wherever it can; COMMAND=backup for the rows of one.
# Without CA_ESCROW it is the release binary that is driven. As root, full and read-only disks are mounted as well.
faults: $(if $(CA_ESCROW),,release)
	Faults/faults.py "$(COMMAND)"

# The same, in some seconds: SIGKILL and a full disk at each system call of a backup and a restore.
faults-quick: $(if $(CA_ESCROW),,release)
	Faults/faults.py --quick

# What audits of many escrows cost: a table to read, not a test.
bench: release
	PATH="$(CURDIR)/$(dir $(RELEASE)):$$PATH" Benchmarks/audit.sh

format:
	swift format format --in-place --recursive Sources Tests Package.swift

install: release
	install -D -m 0755 $(RELEASE) "$(DESTDIR)$(PREFIX)/bin/ca-escrow"

clean:
	rm -rf .build .build-release
