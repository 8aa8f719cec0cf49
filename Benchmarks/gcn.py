#!/usr/bin/env python3
"""Compares the GCN's training and prediction with PyTorch's, alternately in one run.

usage: Benchmarks/gcn.py [--ours Benchmarks/.build/debug/GCNBenchmark] [--rounds 3] [--only NAME] [--threads 1] [--eager]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names. To install it:

    python3 -m venv ~/torch && ~/torch/bin/pip install torch numpy
    LABBOOK_TORCH_PYTHON=~/torch/bin/python make bench-gcn

Without it, ours is measured alone. Rates are the best epoch's of all rounds, ours and the peer's alike, since other
work on the machine only ever makes an epoch slower. The rows are also written to Benchmarks/results/gcn.jsonl."""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The name, the settings, the samples and epochs of ours and of PyTorch, and PyTorch's batch size in prediction.
CASES = [
    ("width 600, batch 1", dict(hidden=600, batch=1), (100, 4), (100, 3)),
    ("width 600, batch 10", dict(hidden=600, batch=10), (900, 3), (300, 3)),
    ("width 600, batch 32", dict(hidden=600, batch=32), (900, 3), (320, 3)),
    ("width 600, batch 128", dict(hidden=600, batch=128), (896, 4), (512, 3)),
    ("width 128, batch 10", dict(hidden=128, batch=10), (900, 8), (900, 3)),
    ("predicting, width 600", dict(hidden=600, batch=128, predict=True), (15284, 3), (2560, 3)),
]
LAYERS, NODES, FEATURES = 4, 9, 6


def measure(command, environment):
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def options(settings, samples, epochs, threads):
    words = ["--samples", str(samples), "--epochs", str(epochs), "--threads", str(threads)]
    for name, value in settings.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def arithmetic(settings):
    """Returns the operations per sample of the plain model: every node's row in every layer's product, times 3 in training."""
    hidden = settings["hidden"]
    products = 2 * NODES * (FEATURES * hidden + (LAYERS - 1) * hidden**2)
    return products if settings.get("predict") else 3 * products


def environment_for_ours():
    """Sets the variable from which OpenBLAS reads its kernels when it is loaded; old releases don't know new processors."""
    environment = dict(os.environ)
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if "avx512vl" in flags and "avx512bw" in flags:
        environment.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
    return environment


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=str(HERE / ".build/debug/GCNBenchmark"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="cases whose name has this regular expression")
    parser.add_argument("--threads", type=int, choices=[1, 2], help="only on so many threads")
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out, which takes minutes")
    arguments = parser.parse_args()
    python = os.environ.get("LABBOOK_TORCH_PYTHON")
    if not python:
        print("LABBOOK_TORCH_PYTHON is not set: no peer. `Benchmarks/gcn.py --help` says how to install it.\n")
    environment = environment_for_ours()
    processors = os.cpu_count() or 1
    threads = [arguments.threads] if arguments.threads else sorted({1, min(2, processors)})
    peaks = measure([arguments.ours, "--peak"], environment)
    peak = peaks[f"peak{threads[-1]}"]
    print(f"sgemm peak {peaks['peak1']:.0f} GFLOP/s on one thread, {peaks['peak2']:.0f} on two ({peaks['kernels']})\n")
    print("samples per second".ljust(24) + f"{'ours':>9} {'1t':>9} {'2t':>9} | {'eager 1t':>9} {'2t':>9}"
          f" {'comp. 1t':>9} {'2t':>9} | {'ratio':>6} {'GFLOP/s':>8} {'of peak':>7}")
    peers = [] if not python else [(c, t) for c in ([False] if arguments.eager else [False, True]) for t in threads]
    rows = []
    for name, settings, ours_size, peer_size in CASES:
        if not re.search(arguments.only, name):
            continue
        best = {}
        for _ in range(arguments.rounds):
            for count in threads:
                result = measure([arguments.ours, *options(settings, *ours_size, count)], environment)
                best["ours", count] = max(best.get(("ours", count), 0), result["best"])
            for compiled, count in peers:
                command = [python, str(HERE / "gcn_torch.py"), *options(settings, *peer_size, count)]
                result = measure(command + (["--compile"] if compiled else []), os.environ)
                best[compiled, count] = max(best.get((compiled, count), 0), result["best"])
        ours = max(best["ours", count] for count in threads)
        peer = max((best[key] for key in peers), default=None)
        rate = ours * arithmetic(settings) / 1e9
        ratio = ours / peer if peer else None

        def cell(key, width=9):
            return f"{best[key]:>{width},.0f}" if key in best else " " * (width - 1) + "-"

        print(name.ljust(24) + f"{ours:>9,.0f} {cell(('ours', 1))} {cell(('ours', 2))} | {cell((False, 1))}"
              f" {cell((False, 2))} {cell((True, 1))} {cell((True, 2))} |"
              f" {ratio if ratio is None else format(ratio, '.1f')!s:>6} {rate:>8,.0f} {rate / peak:>7.0%}", flush=True)
        rows.append(dict(name=name, ours=round(ours, 1), peer=peer and round(peer, 1),
                         ratio=ratio and round(ratio, 2), unit="samples/s"))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    file = results / "gcn.jsonl"
    # Cases that weren't measured keep their rows.
    kept = {row["name"]: row for row in map(json.loads, file.read_text().splitlines())} if file.exists() else {}
    kept.update((row["name"], row) for row in rows)
    file.write_text("".join(json.dumps(kept[name]) + "\n" for name, *_ in CASES if name in kept))


if __name__ == "__main__":
    main()
