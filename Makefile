# make report  builds what is missing and makes the sample week's report
# make test    builds and passes all tests
# Both first install the Debian packages and check for the compiler that they need.

NOTEBOOK ?= notebooks/2023-11-16.md
LABBOOK = .build/debug/labbook

PACKAGES = pkg-config libcairo2-dev libpango1.0-dev libopenblas-dev libcmark-gfm-dev libcmark-gfm-extensions-dev \
  libgdk-pixbuf-2.0-dev librsvg2-common libsqlite3-dev libssl-dev libdeflate-dev zlib1g-dev blahtexml \
  fonts-noto-core fonts-noto-cjk

.PHONY: report build test lint format install clean gallery bench-gcn bench-report bench-runner bench-values

report: build
	@$(LABBOOK) run $(NOTEBOOK)

build: install
	@swift build

test: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@swift test --skip-build

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

install:
	@scripts/install-missing $(PACKAGES)

# The pictures and code of Documentation/gallery.md.
gallery: install
	@swift build --build-tests
	@LABBOOK_GALLERY=1 swift test --skip-build --filter GalleryTests

# The benchmarks are a package of their own: nobody else builds them.
BENCHMARK = swift build --package-path Benchmarks --product

# Against PyTorch, from the Python that LABBOOK_TORCH_PYTHON names: see Documentation/benchmarks.md.
bench-gcn: install
	@$(BENCHMARK) GCNBenchmark
	@python3 Benchmarks/gcn.py

# The notebooks whose reports are drawn for bench-report.
MEASURED = 2023-11-16 2023-11-23 2023-12-07 quickstart

# Whole reports, and charts against matplotlib from the Python that LABBOOK_MATPLOTLIB_PYTHON names.
bench-report: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@for name in $(MEASURED); do $(LABBOOK) run notebooks/$$name.md || exit 1; done
	@LABBOOK_MEASURE=1 swift test --skip-build --filter RenderingBenchmark | grep "processor time"
	@mkdir -p Benchmarks/results
	@$(BENCHMARK) ChartsBenchmark
	@Benchmarks/.build/debug/ChartsBenchmark Benchmarks/results/charts-data.json Benchmarks/results/charts.json
	@$${LABBOOK_MATPLOTLIB_PYTHON:-python3} Benchmarks/charts_matplotlib.py Benchmarks/results/charts-data.json Benchmarks/results/charts.json

# Against other notebook tools, from the Python environment that LABBOOK_PEERS names: see Documentation/benchmarks.md.
bench-runner: build
	@python3 Benchmarks/runner.py

# Against numpy, pickle and pandas from the Python that LABBOOK_NUMPY_PYTHON names: see Documentation/benchmarks.md.
bench-values: install
	@$(BENCHMARK) ValuesBenchmark
	@python3 Benchmarks/values.py

clean:
	@swift package clean
