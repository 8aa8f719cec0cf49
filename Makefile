# make report  builds what is missing and makes the sample week's report
# make test    builds and passes all tests
# make cluster-tests  also passes the tests with a real Slurm and a real sshd, and installs both
# make samples runs all shipped notebooks and writes their reports to samples/
# make runtimes installs the runtimes for measuring models into .build/runtimes, a Python environment
# All of these first install the required Debian packages and check for the compiler.

NOTEBOOK ?= notebooks/2023-11-16.md
LABBOOK = .build/debug/labbook
SOURCES = Package.swift Sources Tests Benchmarks/Package.swift $(wildcard Benchmarks/*/*.swift scripts/*/*.swift)

PACKAGES = pkg-config libcairo2-dev libpango1.0-dev libopenblas-dev libmpfr-dev libdnnl-dev libcmark-gfm-dev libcmark-gfm-extensions-dev \
  libgdk-pixbuf-2.0-dev librsvg2-common libsqlite3-dev libssl-dev libdeflate-dev zlib1g-dev blahtexml \
  fonts-noto-core fonts-noto-cjk bubblewrap

.PHONY: report build test quick-test check-threads cluster-tests runtimes samples architecture lint format install \
  clean gallery bench-cells bench-scale bench-families bench-gcn bench-measuring bench-networks bench-report \
  bench-runner bench-tape bench-values

report: build
	@$(LABBOOK) run $(NOTEBOOK)

build: install
	@swift build

test: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@swift test --skip-build

# The same tests with cells that are compiled without optimisation, and once for all notebooks and calls.
quick-test: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@mkdir -p .build/programs
	@find .build/programs -type f -mtime +7 -delete
	@LABBOOK_PROGRAMS=$(CURDIR)/.build/programs LABBOOK_OPTIMIZATION=none swift test --skip-build

# Looks for data races between the threads of a computation with ThreadSanitizer.
check-threads:
	@scripts/check-threads

# Cells as jobs of a Slurm with two nodes and of an sshd, which the tests start and end themselves on this machine; then
# a sweep of 64 points during which KILLS processes are killed: the runner, jobs, Slurm's daemons.
KILLS ?= 20
cluster-tests: install
	@scripts/install-missing slurm-wlm munge openssh-server
	@swift build --build-tests
	@swift build --product LabbookCell
	@LABBOOK_CLUSTER_TESTS=1 swift test --skip-build --filter "SlurmClusterTests|SSHClusterTests|SSHTests"
	@LABBOOK_CLUSTER_TESTS=1 LABBOOK_KILLS=$(KILLS) swift test --skip-build --filter ClusterKillTests

# Tests of measuring use the runtimes if they are installed, and are skipped with a message otherwise.
runtimes:
	@scripts/install-missing python3-venv
	@scripts/install-runtimes

# The reports of all shipped notebooks, which are committed in samples/. They run in a folder whose reports folder is
# samples/. The notebook accuracy trains for a quarter of an hour if its results aren't stored. Commit new pictures with
# git add -f.
SHIPPED = $(basename $(notdir $(wildcard notebooks/*.md)))
samples: build
	@mkdir -p .build/samples samples
	@ln -sfn ../../notebooks .build/samples/notebooks
	@ln -sfn ../../samples .build/samples/reports
	@for name in $(SHIPPED); do $(LABBOOK) run .build/samples/notebooks/$$name.md || exit 1; done

# The picture of Documentation/architecture.md.
architecture:
	@scripts/install-missing graphviz
	@scripts/draw-architecture

# Checks the style, and rules of the structure that the compiler doesn't check.
lint:
	@scripts/install-missing python3
	@scripts/lint/conversions
	@swift format lint --strict --parallel --recursive $(SOURCES)
	@scripts/lint-structure

format:
	@swift format --in-place --parallel --recursive $(SOURCES)

install:
	@scripts/install-missing $(PACKAGES)

# The pictures and code of Documentation/gallery.md.
gallery: install
	@swift build --build-tests
	@LABBOOK_GALLERY=1 swift test --skip-build --filter GalleryTests

# The benchmarks are a separate package, so other builds don't include them.
BENCHMARK = swift build --package-path Benchmarks --product

# Compares the GCN with PyTorch, from the Python that LABBOOK_TORCH_PYTHON names: see Documentation/benchmarks.md.
bench-gcn: install
	@$(BENCHMARK) GCNBenchmark
	@python3 Benchmarks/gcn.py

# Compares models on the tape with the same models in PyTorch, and the tape's GCN with the one with hand-written
# gradients.
bench-tape: install
	@$(BENCHMARK) TapeBenchmark
	@$(BENCHMARK) GCNBenchmark
	@python3 Benchmarks/tape.py

# Compares NNLQP, GATES, NAR-Former and HELP with the same models in PyTorch, and trees with scikit-learn's.
bench-families: install
	@$(BENCHMARK) FamiliesBenchmark
	@python3 Benchmarks/families.py

# Compares the training of CNNs with PyTorch, from the Python that LABBOOK_TORCH_PYTHON names.
bench-networks: install
	@$(BENCHMARK) NetworksBenchmark
	@python3 Benchmarks/networks.py

# Says where the time of measuring goes and how well the halves of the rounds agree, in at most eleven minutes.
bench-measuring: build runtimes
	@Benchmarks/measuring.py

# The notebooks whose reports are drawn for bench-report.
MEASURED = 2023-11-16 2023-11-23 2023-12-07 quickstart

# Times whole reports, and compares charts with matplotlib, from the Python that LABBOOK_MATPLOTLIB_PYTHON names.
bench-report: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@for name in $(MEASURED); do $(LABBOOK) run notebooks/$$name.md || exit 1; done
	@LABBOOK_MEASURE=1 swift test --skip-build --filter RenderingBenchmark | grep "processor time"
	@mkdir -p Benchmarks/results
	@$(BENCHMARK) ChartsBenchmark
	@Benchmarks/.build/debug/ChartsBenchmark Benchmarks/results/charts-data.json Benchmarks/results/charts.json
	@$${LABBOOK_MATPLOTLIB_PYTHON:-python3} Benchmarks/charts_matplotlib.py Benchmarks/results/charts-data.json Benchmarks/results/charts.json

# Compares with other notebook tools, from the Python environment that LABBOOK_PEERS names: see
# Documentation/benchmarks.md.
bench-runner: build
	@python3 Benchmarks/runner.py

# Compares with numpy, pickle and pandas, from the Python that LABBOOK_NUMPY_PYTHON names: see
# Documentation/benchmarks.md.
bench-values: install
	@$(BENCHMARK) ValuesBenchmark
	@python3 Benchmarks/values.py

# Compares a thousand generated notebooks with their tangled scripts. It can be interrupted, and then goes on.
CELL_PROGRAMS ?= 1000
bench-cells: install
	@swift build --build-tests
	@swift build --product LabbookCell
	@python3 Benchmarks/cells.py --programs $(CELL_PROGRAMS)

# Planning and the store with ten thousand cells: see Documentation/scale.md.
SCALE_CELLS ?= 10000
bench-scale: install
	@swift build --build-tests
	@LABBOOK_SCALE=$(SCALE_CELLS) swift test --skip-build --filter ScaleBenchmark | grep "^scale"

clean:
	@swift package clean
