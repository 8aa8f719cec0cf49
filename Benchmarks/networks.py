#!/usr/bin/env python3
"""Compares the training of a residual CNN (images of 32 x 32, batch 128) with PyTorch's, and times the cutting out of networks.

usage: Benchmarks/networks.py [--rounds 5] [--widths 16,32] [--threads 1,2] [--eager] [--points 600] [--processor]

PyTorch is looked for in the Python that LABBOOK_TORCH_PYTHON names (see Benchmarks/gcn.py); without it, ours is measured
alone. Ours and the peer take turns; the peer is the better of eager and compiled, channels last. A ratio is the median of
the rounds' ratios. The rows are also written to Benchmarks/results/networks.jsonl. Rows of memory compare the most that the
processes had in MiB, with the one of PyTorch, eager or compiled, that had less. The last row is the time in which networks are
pruned, calibrated and exported. With --processor, rates are by the processors' time instead of the clock's, which means
something on a busy machine too."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from rows import keep

HERE = Path(__file__).resolve().parent
STEPS = {16: 8, 32: 3}


def ours(directory, **options):
    command = [str(directory / "NetworksBenchmark")]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout)


class Peer:
    """A process of PyTorch for one kind, eager or compiled."""

    def __init__(self, python, width, threads, steps, kind):
        command = [python, str(HERE / "networks_torch.py"), "--width", str(width), "--threads", str(threads), "--steps",
                   str(steps), "--kinds", kind]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.kind = kind
        while (line := self.process.stdout.readline()) != "ready\n":
            if not line:
                sys.exit(f"{' '.join(command)} failed:\n{self.process.stderr.read()[-2000:]}")

    def measure(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return dict(answer[self.kind], memory=answer["memory"])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def row(name, mine, theirs, unit, digits=1):
    """Medians of both, and of the rounds' ratios."""
    ratios = [a / b for a, b in zip(mine, theirs)]
    return dict(name=name, ours=round(statistics.median(mine), digits),
                peer=round(statistics.median(theirs), digits) if theirs else None,
                ratio=round(statistics.median(ratios), 2) if ratios else None, unit=unit)


def compare(arguments, directory, python, width, threads):
    """The rows of one width and number of threads."""
    kinds = ["eager"] if arguments.eager else ["eager", "compiled"]
    steps = arguments.steps or STEPS.get(width, 3)
    peers = [Peer(python, width, threads, steps, kind) for kind in kinds] if python else []
    measure = "processor" if arguments.processor else "rate"
    mine, theirs, memories = [], [], []
    for _ in range(arguments.rounds):
        one = ours(directory, width=width, threads=threads, steps=steps)
        others = {peer.kind: peer.measure() for peer in peers}
        mine.append(one)
        if others:
            theirs.append(max(other[measure] for other in others.values()))
            memories.append(min(other["memory"] for other in others.values()))
        shown = ", ".join(f"{kind} {other[measure]:.0f} ({other['memory']} MiB)" for kind, other in others.items())
        print(f"  {one[measure]:.0f} ({one['memory']} MiB) | {shown}", flush=True)
    for peer in peers:
        peer.end()
    name = f"residual CNN, width {width}, {threads} thread{'s' if threads > 1 else ''}"
    unit = "images/s of the processors" if arguments.processor else "images/s"
    return [row(name, [one[measure] for one in mine], theirs, unit),
            row(name + ", memory", [one["memory"] for one in mine], memories, "MiB", 0)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=str(HERE / ".build/debug"), help="the folder of our programs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, help="of a round; by default 8 of width 16, 3 of width 32")
    parser.add_argument("--widths", default="16,32")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out")
    parser.add_argument("--points", type=int, default=600, help="networks to cut out; 0 for none")
    parser.add_argument("--processor", action="store_true", help="rates by the processors' time")
    arguments = parser.parse_args()
    directory = Path(arguments.ours)
    python = os.environ.get("LABBOOK_TORCH_PYTHON")
    if not python:
        print("LABBOOK_TORCH_PYTHON is not set: no peer. `Benchmarks/gcn.py --help` says how to install it.\n")
    rows = []
    for width in map(int, filter(None, arguments.widths.split(","))):
        for threads in map(int, arguments.threads.split(",")):
            rows += compare(arguments, directory, python, width, threads)
            print("\n".join(map(json.dumps, rows[-2:])), flush=True)
    if arguments.points:
        cut = ours(directory, width=16, threads=2, points=arguments.points)
        key = "processor" if arguments.processor else "seconds"
        rows.append(row(f"{arguments.points} networks pruned, calibrated, exported", [cut[key]], [], "s"))
        print(json.dumps(rows[-1]), flush=True)
    keep("networks.jsonl", rows)


if __name__ == "__main__":
    main()
