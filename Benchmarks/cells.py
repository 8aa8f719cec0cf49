#!/usr/bin/env python3
"""Tries generated notebooks: each must behave as its tangled script, or be refused by the check for a good reason.

usage: Benchmarks/cells.py [--programs 1000] [--processes 2] [--most N] [--again]

The verdicts are kept in Benchmarks/results/cells.jsonl, one line a notebook. A notebook that has one, other than
"wrong", isn't tried again unless --again is given, as after a change of the generator. --most limits how many are
tried this time; the next call goes on. The tests must be built before: `make bench-cells` does both."""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "Benchmarks/results/cells.jsonl"
BUNDLE = ROOT / ".build/debug/LabbookPackageTests.xctest"
# The notebooks that one process tries. Starting it and filling the compiler's caches takes it some seconds.
SLICE = 25


def known():
    """The newest verdict of each seed."""
    if not RESULTS.exists():
        return {}
    return {int(line["seed"]): line for line in map(json.loads, RESULTS.read_text().splitlines())}


def attempt(seeds):
    """Tries some notebooks in a process of their own, and returns the lines that it wrote."""
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as lines:
        environment = dict(os.environ, LABBOOK_CELL_SEEDS=",".join(map(str, seeds)), LABBOOK_CELL_RESULTS=lines.name)
        command = [BUNDLE, "--testing-library", "swift-testing", "--filter", "ScriptEqualityTests"]
        run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
        written = [json.loads(line) for line in lines.read().splitlines()]
    if not written:
        sys.exit(f"the tests gave no verdict:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return written


def summary(verdicts, count):
    """One line that says how the notebooks did, and lines with the reasons for which some were refused."""
    kinds = collections.Counter(line["verdict"] for line in verdicts)
    reasons = collections.Counter(line["text"] for line in verdicts if line["verdict"] == "refused")
    text = f"{len(verdicts)} of {count} notebooks: {kinds['equal']} as their scripts, {kinds['refused']} refused, {kinds['wrong']} wrong"
    return "\n".join([text] + [f"  {number:4} {reason}" for reason, number in reasons.most_common()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--most", type=int)
    parser.add_argument("--again", action="store_true", help="forget the verdicts of earlier calls")
    options = parser.parse_args()
    if options.again:
        RESULTS.unlink(missing_ok=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    done = known()
    seeds = range(1, options.programs + 1)
    missing = [seed for seed in seeds if done.get(seed, {"verdict": "wrong"})["verdict"] == "wrong"][: options.most]
    slices = [missing[start : start + SLICE] for start in range(0, len(missing), SLICE)]
    with concurrent.futures.ThreadPoolExecutor(options.processes) as pool:
        for written in pool.map(attempt, slices):
            with RESULTS.open("a") as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in written)
            done.update((int(line["seed"]), line) for line in written)
            verdicts = [done[seed] for seed in seeds if seed in done]
            print(summary(verdicts, options.programs).splitlines()[0], flush=True)
    verdicts = [done[seed] for seed in seeds if seed in done]
    print(summary(verdicts, options.programs))
    wrong = [line for line in verdicts if line["verdict"] == "wrong"]
    for line in wrong:
        print(f"\nseed {line['seed']}: {line['text']}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
