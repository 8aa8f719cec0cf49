#!/usr/bin/env python3
"""Compares the training of a residual CNN (images of 32 x 32, batch 128) with PyTorch's.

usage: Benchmarks/networks.py [--rounds 5] [--widths 16,32] [--threads 1,2] [--eager]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names (see Benchmarks/gcn.py); without it, ours is measured
alone. Ours and the peer take turns; the peer is the better of eager and compiled, channels last. A ratio is the median of
the rounds' ratios. The rows are also written to Benchmarks/results/networks.jsonl. Both show the most memory that their
process had, in MiB (PyTorch's with eager and compiled in one process; --eager for the eager one alone)."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = {16: 8, 32: 3}


def ours(width, threads, directory):
    command = [str(directory / "NetworksBenchmark"), "--width", str(width), "--threads", str(threads), "--steps",
               str(STEPS.get(width, 3))]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout)


class Peer:
    def __init__(self, python, width, threads, eager):
        command = [python, str(HERE / "networks_torch.py"), "--width", str(width), "--threads", str(threads), "--steps",
                   str(STEPS.get(width, 3))] + (["--eager"] if eager else [])
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while (line := self.process.stdout.readline()) != "ready\n":
            if not line:
                sys.exit(f"{' '.join(command)} failed:\n{self.process.stderr.read()[-2000:]}")

    def rates(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=str(HERE / ".build/debug"), help="the folder of our programs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--widths", default="16,32")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out")
    arguments = parser.parse_args()
    directory = Path(arguments.ours)
    python = os.environ.get("LABBOOK_TORCH_PYTHON")
    if not python:
        print("LABBOOK_TORCH_PYTHON is not set: no peer. `Benchmarks/gcn.py --help` says how to install it.\n")
    rows = []
    for width in map(int, arguments.widths.split(",")):
        for threads in map(int, arguments.threads.split(",")):
            peer = Peer(python, width, threads, arguments.eager) if python else None
            mine, theirs = [], []
            for _ in range(arguments.rounds):
                one = ours(width, threads, directory)
                mine.append(one["rate"])
                other = peer.rates() if peer else {}
                memory = other.pop("memory", None)
                if other:
                    theirs.append(max(other.values()))
                shown = " ".join(f"{kind} {rate:.0f}" for kind, rate in other.items())
                print(f"  {one['rate']:.0f} ({one['memory']} MiB) | {shown} ({memory} MiB)", flush=True)
            if peer:
                peer.end()
            ratios = [a / b for a, b in zip(mine, theirs)]
            row = dict(name=f"residual CNN, width {width}, {threads} thread{'s' if threads > 1 else ''}",
                       ours=round(statistics.median(mine), 1),
                       peer=round(statistics.median(theirs), 1) if theirs else None,
                       ratio=round(statistics.median(ratios), 2) if ratios else None, unit="images/s")
            rows.append(row)
            print(json.dumps(row), flush=True)
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    file = results / "networks.jsonl"
    # Rows that were not asked for keep what they had.
    kept = {row["name"]: row for row in map(json.loads, file.read_text().splitlines())} if file.exists() else {}
    kept.update((row["name"], row) for row in rows)
    file.write_text("".join(json.dumps(row) + "\n" for row in kept.values()))


if __name__ == "__main__":
    main()
