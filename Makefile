# SPDX-License-Identifier: Apache-2.0

SHELL := /bin/bash
VERSION := $(shell sed -n 's/.*static let text = "\(.*\)"/\1/p' Sources/Custody/Version.swift)

# Where `make install` puts things, each under DESTDIR.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
DOCDIR ?= $(DATADIR)/doc/ca-escrow
SYSTEMD_UNIT_DIR ?= $(PREFIX)/lib/systemd/system
BASH_COMPLETIONS ?= $(DATADIR)/bash-completion/completions
ZSH_COMPLETIONS ?= $(DATADIR)/zsh/site-functions
FISH_COMPLETIONS ?= $(DATADIR)/fish/vendor_completions.d
# Empty: debug information and symbols stay in the program.
STRIP ?= -s
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# What the program needs to be built and to run, and what its tests run beside it.
BUILD_PACKAGES := libssl-dev libsodium-dev libp11-kit-dev pkg-config openssl lowdown python3
# What makes packages and releases, and tries them in chroots.
PACKAGE_PACKAGES := debhelper dpkg-dev fakeroot lintian
RELEASE_PACKAGES := $(PACKAGE_PACKAGES) debootstrap busybox-static systemd diffoscope-minimal git openssh-client tmux
TEST_PACKAGES := easy-rsa openssh-client python3 python3-cryptography python3-cryptography-vectors python3-html5lib python3-jsonschema python3-pip chromium poppler-utils libnss3-tools p11-kit p11-kit-modules gnutls-bin shellcheck git strace softhsm2 opensc libengine-pkcs11-openssl gcc libc6-dev qrencode zbar-tools tmux valgrind ecj libbcpkix-java man-db groff-base mandoc bash-completion zsh fish systemd

# Out of Debian's package, without the server that it is for.
PROMTOOL := .build-tools/usr/bin/promtool
# Parsers of CDDL and ABNF, which Debian does not have: docs/format.md, Annex A, is held against the vectors with them.
GRAMMARS := .build-tools/python/cddl_verifier .build-tools/python/abnf

# The C++ library, of which the Swift runtime takes little, is linked in: finding its symbols at each start would take
# longer than all other libraries together. The linker looks into this folder first.
STATIC_LIBRARIES := .build-release/static
# lld, for relative relocations in a tenth of the room: the loader's work is a third of a start.
LINK_FLAGS := -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic -Xlinker --gc-sections
# The same bytes wherever the checkout lies; and an ID by which a debugger finds the symbols, which the package splits off.
# Left out: the names of Clang's module caches in debug information, and the compiler's hash of each module, by which it
# sees that nothing has changed. Both depend on that place.
REPRODUCIBLE_FLAGS := -Xswiftc -Xfrontend -Xswiftc -no-clang-module-breadcrumbs \
	-Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen \
	-Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. -Xswiftc -file-compilation-dir -Xswiftc . \
	-Xcc -ffile-prefix-map=$(CURDIR)=. -Xlinker --build-id=sha1
RELEASE_FLAGS := -c release --static-swift-stdlib $(LINK_FLAGS) $(REPRODUCIBLE_FLAGS) -Xlinker -z -Xlinker now \
	-Xlinker -z -Xlinker pack-relative-relocs --disable-local-rpath -Xlinker -L$(STATIC_LIBRARIES) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc --scratch-path .build-release
RELEASE := .build-release/release/ca-escrow
# One file that needs nothing of the machine, for auditors and offline restores: without pkcs11: and nss:, whose modules
# a static program cannot load, and at a fixed address.
PORTABLE_FLAGS := -c release -Xswiftc -static-executable -Xswiftc -DPORTABLE $(LINK_FLAGS) $(REPRODUCIBLE_FLAGS) --scratch-path .build-portable
PORTABLE := .build-portable/release/ca-escrow

# The tests' build: the sources optimized, which tests then go through four times as fast; their own code is not, as
# Package.swift says.
TEST_FLAGS := -c release -Xswiftc -enable-testing -Xswiftc -gnone --scratch-path .build-tests
TEST_BUNDLE := $(CURDIR)/.build-tests/release/ca-escrowPackageTests.xctest
# What `make test` and `make acceptance` run: the program of that build, or of another one, such as
# CA_ESCROW=.build-release/release/ca-escrow.
CA_ESCROW ?= .build-tests/release/ca-escrow

# What is held to the style.
SWIFT_FILES := Sources Tests Package.swift

.DELETE_ON_ERROR:

.PHONY: deps test-deps test-build acceptance test-release build release portable manual deb kit dist reproduce check-release demo test whole coverage library-use docs step-interop check quick-check format lint shellcheck \
	characters fuzz fuzz-all fuzz-build fuzz-replay faults faults-quick bench instructions memcheck constant-time install uninstall clean

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

test-deps: deps $(PROMTOOL) $(GRAMMARS)
	$(call install_packages,$(TEST_PACKAGES))
	@command -v keytool >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; }

$(GRAMMARS) &:
	$(call install_packages,python3-pip)
	python3 -m pip install --quiet --no-deps --upgrade --target .build-tools/python cddl-verifier==1.5.3 abnf==2.9.1

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
	mkdir -p $(STATIC_LIBRARIES)
	ln -sf "$$(clang -print-file-name=libstdc++.a)" $(STATIC_LIBRARIES)/libstdc++.a
	swift build $(RELEASE_FLAGS) --product ca-escrow

portable: deps
	swift build $(PORTABLE_FLAGS) --product ca-escrow

# Manual pages and completions, of what the program says of itself.
MANUAL := .build-manual
manual: release
	rm -rf $(MANUAL)
	docs/man/make.sh $(RELEASE) $(MANUAL)

# Debian's package, in .build-deb, of this checkout.
deb: deps
	$(call install_packages,$(PACKAGE_PACKAGES))
	Fixtures/release/deb.sh .build-deb

# A directory for a custodian's stick, in .build-kit: the program, the guide, checksums, and a script that starts it.
kit: portable
	Fixtures/kit/make.sh $(PORTABLE) .build-kit

# All files of a release of the commit that is checked out, in .build-dist; SIGNING_KEY: the OpenSSH key that signs them.
dist: deps
	$(call install_packages,$(RELEASE_PACKAGES))
	Fixtures/release/dist.sh .build-dist $(SIGNING_KEY)

# That twice in two places, and what differs; AGAINST: where somebody's release of this commit lies, to be made once more.
reproduce: deps
	$(call install_packages,$(RELEASE_PACKAGES))
	Fixtures/release/reproduce.sh $(AGAINST)

# What `make dist` has made, installed, used, upgraded and purged in chroots. As root.
check-release: dist
	Tests/Packaging/check-release.sh .build-dist

# The whole story on a real CA, in a directory of its own.
demo: build
	PATH="$(CURDIR)/.build/debug:$$PATH" Tests/Tools/demo.sh

# Modules, transcripts, README and attacks, with the program of the tests' build: optimized, and its code is the release's.
# `swift test` alone takes the debug program. What is done in very many places is done in some of them: `whole` does it in
# all, with the release.
test: test-deps test-build
	CA_ESCROW="$(abspath $(CA_ESCROW))" TEST_BUNDLE="$(TEST_BUNDLE)" Tests/run.sh test

# What people and other software do: ceremonies, guides, second implementations, browsers, Java, Windows' files, packaging.
acceptance: test-deps test-build
	CA_ESCROW="$(abspath $(CA_ESCROW))" TEST_BUNDLE="$(TEST_BUNDLE)" Tests/run.sh acceptance

# Both with the release.
test-release: release
	$(MAKE) --no-print-directory test acceptance CA_ESCROW=$(RELEASE)

test-build: deps
	swift build --build-tests $(TEST_FLAGS)

# A changed bit in every byte, a kill at every kind of question of a ceremony, two hundred histories, a key under every
# cipher and digest of OpenSSL, a thousand configurations of `openssl ca`, every kind of key and store into every other;
# every conformance case and state of an escrow with two auditors; forged ceremonies; secrets in memory, in traces and
# after traps; sheets, envelopes and the report in a browser.
whole: test-deps test-build release
	CA_ESCROW_TESTS=whole CA_ESCROW="$(CURDIR)/$(RELEASE)" $(TEST_BUNDLE) --testing-library swift-testing \
		--filter 'EscrowTests.(ByteFlipTests|HistoryTests)|CeremonyTests.(PeopleTests|PaperTests)|KeyFileMatrixTests|StateArchiveTests|StoreTests/everyKind|ConfigurationPropertyTests|CommandLineTests.(CeremonyTests/killed|BrowserTests|ConformanceTests|EnvelopeTests|MemoryTests|NeedleTests|SecondAuditorTests|StoreMatrixTests|TranscriptTests/long|TrapTests|WrittenPlacesTests)'

# Which lines of the sources the tests reach, by module.
coverage: test-deps
	Tests/coverage.sh

# Another program on the library, as a stranger's package.
library-use: test-deps build
	PATH="$(CURDIR)/.build/debug:$$PATH" Tests/LibraryUse/run.sh

# The library's documentation, in .build-docs.
docs: deps
	for module in SecretMemory Encoding KeyStores Escrow Audit; do \
		CA_ESCROW_DOCS=1 swift package --scratch-path .build-docs --allow-writing-to-directory .build-docs/$$module \
			generate-documentation --target $$module --warnings-as-errors --output-path .build-docs/$$module || exit 1; \
	done

# What smallstep's own code makes of the keys that are restored into a step-ca folder. Not part of the checks: Debian's
# packages of it are 160 MB to fetch and a gigabyte on disk.
step-interop: build
	$(call install_packages,golang-go golang-github-smallstep-certificates-dev)
	PATH="$(CURDIR)/.build/debug:$$PATH" Fixtures/step-ca/interop.sh

# Everything that must hold before a release; `make test` and `acceptance`, too, with the release itself.
check: quick-check test-release whole library-use docs

# What of it every change must pass: `whole` takes as long as everything else together.
quick-check: test-deps lint shellcheck acceptance faults-quick instructions

lint:
	swift format lint --strict --recursive $(SWIFT_FILES)

shellcheck:
	shellcheck Fixtures/*/*.sh docs/*/*.sh Tests/*.sh Tests/*/*.sh .ci/run

# No line of the sources takes text by characters, but those that are listed with a reason; `make test` has it, too.
characters:
	swift test --filter ArchitectureTests.CharacterTests

# Mutated input for one reader: make fuzz TARGET=Manifest SECONDS=60. What is found stays in Tests/Fuzzing/Found.
fuzz: fuzz-build
	Tests/Fuzzing/fuzz.sh run $(TARGET) $(or $(SECONDS),60)

# Every reader, two at a time, until the first finding; prints a table.
fuzz-all: fuzz-build
	Tests/Fuzzing/fuzz.sh all $(or $(SECONDS),60)

fuzz-build: deps
	Tests/Fuzzing/fuzz.sh build

# All seeds, and all that was ever found, through every reader, without mutations; `make test` has it, too.
fuzz-replay: test-deps
	swift test --filter ReplayTests

# What is left when the system fails every command that writes, wherever it can; COMMAND=backup for the rows of one.
# As root, full and read-only disks are mounted as well.
faults: test-build
	CA_ESCROW="$(abspath $(CA_ESCROW))" Tests/Faults/faults.py "$(COMMAND)"

# The same, in some seconds: SIGKILL and a full disk at each system call of a backup and a restore.
faults-quick: test-build
	CA_ESCROW="$(abspath $(CA_ESCROW))" Tests/Faults/faults.py --quick

# What it costs against the tools that people would take instead: a table to read, not a test. ARCHIVE: of how many escrows.
bench: release portable
	$(call install_packages,age ssss openssh-client time)
	cd Tests/Benchmarks/InProcess && swift build -c release --static-swift-stdlib -Xswiftc -enable-testing
	Tests/Benchmarks/bench.py $(RELEASE) --portable $(PORTABLE) \
		--in-process Tests/Benchmarks/InProcess/.build/release/InProcess --archive $(or $(ARCHIVE),1000)

# No command takes more instructions than it did; `make instructions WRITE=--write` says that it may. Counted is the
# program of the tests' build, which is there anyway; loading the Swift library is in each figure.
instructions: test-build
	Tests/Benchmarks/instructions.py .build-tests/release/ca-escrow $(WRITE)

# The release binary under valgrind: every command that hands secrets to C. Three minutes, so not part of `check`.
memcheck: release
	$(call install_packages,valgrind gcc libc6-dev)
	Tests/Tools/memcheck.sh $(RELEASE)

# Whether what is done with shares depends on them: valgrind with the secrets marked as undefined. See docs/verification.md.
constant-time: deps
	$(call install_packages,valgrind)
	Tests/ConstantTime/run.sh

format:
	swift format format --in-place --recursive $(SWIFT_FILES)

install: manual
	install -D -m 0755 $(STRIP) $(RELEASE) "$(DESTDIR)$(BINDIR)/ca-escrow"
	for section in 1 5 7; do install -D -m 0644 -t "$(DESTDIR)$(MANDIR)/man$$section" $(MANUAL)/*.$$section || exit 1; done
	install -D -m 0644 $(MANUAL)/completions/ca-escrow "$(DESTDIR)$(BASH_COMPLETIONS)/ca-escrow"
	install -D -m 0644 $(MANUAL)/completions/_ca-escrow "$(DESTDIR)$(ZSH_COMPLETIONS)/_ca-escrow"
	install -D -m 0644 $(MANUAL)/completions/ca-escrow.fish "$(DESTDIR)$(FISH_COMPLETIONS)/ca-escrow.fish"
	install -D -m 0644 -t "$(DESTDIR)$(DOCDIR)" README.md SECURITY.md CHANGELOG.md docs/*.md
	install -D -m 0644 -t "$(DESTDIR)$(DOCDIR)/stores" docs/stores/*.md
	install -D -m 0644 -t "$(DESTDIR)$(DOCDIR)/schemas" docs/schemas/*.json
	install -D -m 0644 -t "$(DESTDIR)$(DATADIR)/ca-escrow/monitoring" docs/monitoring/ca-escrow.rules.yml docs/monitoring/ca-escrow.default
	install -D -m 0755 -t "$(DESTDIR)$(DATADIR)/ca-escrow/break-glass" Fixtures/break-glass/*.py
	install -m 0644 -t "$(DESTDIR)$(DATADIR)/ca-escrow/break-glass" Fixtures/break-glass/README.md
	install -D -m 0644 -t "$(DESTDIR)$(SYSTEMD_UNIT_DIR)" docs/monitoring/ca-escrow-status.service docs/monitoring/ca-escrow-status.timer
	sed -i 's|^ExecStart=ca-escrow|ExecStart=$(BINDIR)/ca-escrow|' "$(DESTDIR)$(SYSTEMD_UNIT_DIR)/ca-escrow-status.service"

# All of it, and nothing else: /etc/default/ca-escrow and escrows are whose they are.
uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/ca-escrow" "$(DESTDIR)$(MANDIR)"/man[157]/ca-escrow.[17] "$(DESTDIR)$(MANDIR)"/man[15]/ca-escrow-*.[15] \
		"$(DESTDIR)$(BASH_COMPLETIONS)/ca-escrow" "$(DESTDIR)$(ZSH_COMPLETIONS)/_ca-escrow" "$(DESTDIR)$(FISH_COMPLETIONS)/ca-escrow.fish" \
		"$(DESTDIR)$(SYSTEMD_UNIT_DIR)/ca-escrow-status.service" "$(DESTDIR)$(SYSTEMD_UNIT_DIR)/ca-escrow-status.timer"
	rm -rf "$(DESTDIR)$(DOCDIR)" "$(DESTDIR)$(DATADIR)/ca-escrow"

clean:
	rm -rf .build .build-release .build-portable .build-manual .build-deb .build-kit .build-dist .build-reproduce Tests/ConstantTime/.build Tests/Fuzzing/.build Tests/Benchmarks/InProcess/.build .build-library-use .build-docs .build-coverage
	rm -rf debian/.debhelper debian/ca-escrow debian/*.debhelper* debian/*.substvars debian/debhelper-build-stamp debian/files
