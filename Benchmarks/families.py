#!/usr/bin/env python3
"""Compares families of predictors with the same models in PyTorch: training and predicting.

usage: Benchmarks/families.py [--rounds 3] [--only NAME]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names (see Benchmarks/gcn.py); without it, ours is measured
alone. Ours and the peer take turns, on one thread and on two. A ratio is the median of the rounds' ratios, each of the
better numbers of threads of both. Training is networks a second in steps of the recipe's batch, for HELP episodes a
second; predicting is networks a second of 15,284 cells, for ours with their encoding. The rows are also written to
Benchmarks/results/families.jsonl."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAMILIES = ["nnlqp", "gates", "nar-former", "help"]


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=FAMILIES)
    options = parser.parse_args()
    ours = HERE / ".build/debug/FamiliesBenchmark"
    python = os.environ.get("LABBOOK_TORCH_PYTHON")
    rows = []
    for family in [options.only] if options.only else FAMILIES:
        rounds = {"ours": [], "peer": []}
        for _ in range(options.rounds):
            for name, command in [("ours", [str(ours)]), ("peer", [python, str(HERE / "families_torch.py")])]:
                if command[0] is None:
                    continue
                figures = [run(command + ["--family", family, "--threads", str(threads)]) for threads in (1, 2)]
                rounds[name].append({what: max(f[what] for f in figures) for what in ("training", "predicting")})
        for what in ("training", "predicting"):
            unit = "episodes/s" if (family, what) == ("help", "training") else "networks/s"
            row = {"name": f"{family}, {what}", "unit": unit,
                   "ours": statistics.median(f[what] for f in rounds["ours"])}
            if rounds["peer"]:
                row["peer"] = statistics.median(f[what] for f in rounds["peer"])
                row["ratio"] = statistics.median(
                    a[what] / b[what] for a, b in zip(rounds["ours"], rounds["peer"]))
            rows.append(row)
            print("  ".join(f"{k} {v:.4g}" if isinstance(v, float) else str(v) for k, v in row.items()), flush=True)
    results = HERE / "results/families.jsonl"
    results.parent.mkdir(exist_ok=True)
    with open(results, "w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
