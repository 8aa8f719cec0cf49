# make report  builds what is missing and makes the sample week's report
# make test    builds and passes all tests
# Both first install the Debian packages and check for the compiler that they need.

NOTEBOOK ?= notebooks/2023-11-16.md
LABBOOK = .build/debug/labbook

PACKAGES = pkg-config libcairo2-dev libpango1.0-dev libopenblas-dev libcmark-gfm-dev libcmark-gfm-extensions-dev \
  libgdk-pixbuf-2.0-dev libpng-dev librsvg2-common libsqlite3-dev libssl-dev zlib1g-dev blahtexml \
  fonts-noto-core fonts-noto-cjk

.PHONY: report build test lint format install clean

report: build
	@$(LABBOOK) run $(NOTEBOOK)

build: install
	@swift build

test: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@swift test --skip-build

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

install:
	@scripts/install-missing $(PACKAGES)

clean:
	@swift package clean
