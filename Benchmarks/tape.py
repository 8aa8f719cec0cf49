#!/usr/bin/env python3
"""Compares training steps on the tape with PyTorch's, and the tape's GCN with the one with hand-written gradients.

usage: Benchmarks/tape.py [--rounds 5] [--only NAME] [--eager]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names (see Benchmarks/gcn.py); without it, ours is measured
alone. Ours and the peer take turns, on one thread and on two; the peer is the better of eager and compiled. A ratio is the
median of the rounds' ratios, each of the better numbers of threads of both. The rows are also written to
Benchmarks/results/tape.jsonl."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

from rows import keep

HERE = Path(__file__).resolve().parent
MODELS = {"gcn": "BRP-NAS GCN", "transformer": "graph transformer, 3 layers", "perceptron": "perceptron"}
STEPS = {16: 200, 128: 50}


def ours(model, batch, threads, directory):
    command = [str(directory / "TapeBenchmark"), "--model", model, "--batch", str(batch), "--threads", str(threads),
               "--steps", str(STEPS[batch])]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout)["median"]


def by_hand(batch, threads, directory):
    command = [str(directory / "GCNBenchmark"), "--batch", str(batch), "--threads", str(threads), "--samples", "1024",
               "--epochs", "4"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout)["median"]


class Peer:
    """A PyTorch process with one model, batch and number of threads. It is compiled once and measures in every round."""

    def __init__(self, python, model, batch, threads, eager):
        command = [python, str(HERE / "tape_torch.py"), "--model", model, "--batch", str(batch), "--threads",
                   str(threads), "--steps", str(STEPS[batch])] + (["--eager"] if eager else [])
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
    parser.add_argument("--only", default="", help="rows whose name has this regular expression")
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out")
    arguments = parser.parse_args()
    directory = Path(arguments.ours)
    python = os.environ.get("LABBOOK_TORCH_PYTHON")
    if not python:
        print("LABBOOK_TORCH_PYTHON is not set: no peer. `Benchmarks/gcn.py --help` says how to install it.\n")
    threads = sorted({1, min(2, os.cpu_count() or 1)})
    rows = []

    def add(name, one, other):
        ratios = [a / b for a, b in zip(one, other)] if other else []
        row = dict(name=name, ours=round(statistics.median(one), 1),
                   peer=round(statistics.median(other), 1) if other else None,
                   ratio=round(statistics.median(ratios), 2) if ratios else None, unit="samples/s")
        rows.append(row)
        print(json.dumps(row), flush=True)

    for model, title in MODELS.items():
        for batch in STEPS:
            name = f"{title}, batch {batch}"
            if not re.search(arguments.only, name):
                continue
            peers = [Peer(python, model, batch, count, arguments.eager) for count in threads] if python else []
            mine, theirs, hand = [], [], []
            for _ in range(arguments.rounds):
                all_of_ours = [ours(model, batch, count, directory) for count in threads]
                mine.append(max(all_of_ours))
                answers = [peer.rates() for peer in peers]
                if answers:
                    theirs.append(max(rate for answer in answers for rate in answer.values()))
                print("  ", " ".join(f"{rate:.0f}" for rate in all_of_ours), "|",
                      " | ".join(" ".join(f"{k} {v:.0f}" for k, v in answer.items()) for answer in answers), flush=True)
                if model == "gcn":
                    hand.append(max(by_hand(batch, count, directory) for count in threads))
            for peer in peers:
                peer.end()
            add(name, mine, theirs)
            if hand:
                add(f"{title} against GCNPass, batch {batch}", mine, hand)
    keep("tape.jsonl", rows)


if __name__ == "__main__":
    main()
