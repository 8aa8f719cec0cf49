#!/usr/bin/env python3
"""Compares families of predictors with the same models in PyTorch and scikit-learn: training and predicting.

usage: Benchmarks/families.py [--rounds 3] [--only NAME] [--eager]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names (see Benchmarks/gcn.py), scikit-learn in that of
LABBOOK_SKLEARN_PYTHON; without them ours is measured alone. Ours and the peer take turns, on one thread and on two; of
PyTorch the better of eager and compiled counts. A ratio is the median of the rounds' ratios, each of the better numbers
of threads of both. Training is networks a second in steps of the recipe's batch, for HELP episodes a second, for trees
of the whole; predicting is networks a second of some 15,000 cells, for ours with their encoding. Of trees the errors on
the same cells are compared too, where a ratio below 1 is ours being better. The rows are also written to
Benchmarks/results/families.jsonl."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rows import keep

HERE = Path(__file__).resolve().parent
NETWORKS = ["nnlqp", "gates", "nar-former", "help"]
TREES = ["forest", "boosted"]
THREADS = sorted({1, min(2, os.cpu_count() or 1)})
WHAT = ("training", "predicting")


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


class TorchPeer:
    """PyTorch with one family and number of threads, compiled once and asked in every round."""

    def __init__(self, python, family, threads, eager):
        command = [python, str(HERE / "families_torch.py"), "--family", family, "--threads", str(threads)]
        self.process = subprocess.Popen(
            command + (["--eager"] if eager else []), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        while (line := self.process.stdout.readline()) != "ready\n":
            if not line:
                sys.exit(f"{' '.join(command)} failed:\n{self.process.stderr.read()[-2000:]}")

    def rates(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return list(json.loads(self.process.stdout.readline()).values())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=NETWORKS + TREES)
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out")
    options = parser.parse_args()
    program = str(HERE / ".build/debug/FamiliesBenchmark")
    torch, sklearn = (os.environ.get(f"LABBOOK_{name}_PYTHON") for name in ("TORCH", "SKLEARN"))
    for name, python in [("TORCH", torch), ("SKLEARN", sklearn)]:
        if not python:
            print(f"LABBOOK_{name}_PYTHON is not set: no peer.")
    rows = []

    def add(name, unit, ours, theirs):
        row = {"name": name, "ours": statistics.median(ours)}
        row["peer"] = statistics.median(theirs) if theirs else None
        row["ratio"] = round(statistics.median(a / b for a, b in zip(ours, theirs)), 2) if theirs else None
        row["unit"] = unit
        rows.append({k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()})
        print(json.dumps(rows[-1]), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        table = str(Path(folder) / "cells.csv")
        for family in [options.only] if options.only else NETWORKS + TREES:
            ours, theirs = [], []
            peers = [TorchPeer(torch, family, t, options.eager) for t in THREADS] if torch and family in NETWORKS else []
            for _ in range(options.rounds):
                command = [program, "--family", family] + (["--table", table] if family in TREES else [])
                ours.append([run(command + ["--threads", str(t)]) for t in THREADS])
                if peers:
                    theirs.append([figures for peer in peers for figures in peer.rates()])
                elif sklearn and family in TREES:
                    command = [sklearn, str(HERE / "families_sklearn.py"), "--family", family, "--table", table]
                    theirs.append([run(command + ["--threads", str(t)]) for t in THREADS])
            for peer in peers:
                peer.end()
            for what in WHAT:
                unit = "episodes/s" if (family, what) == ("help", "training") else "networks/s"
                best = lambda rounds: [max(f[what] for f in figures) for figures in rounds]
                add(f"{family}, {what}", unit, best(ours), best(theirs))
            if family in TREES:
                add(f"{family}, error", "MAPE", [f[0]["error"] for f in ours], [f[0]["error"] for f in theirs])
    keep("families.jsonl", rows)


if __name__ == "__main__":
    main()
