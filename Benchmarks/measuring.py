#!/usr/bin/env python3
"""Measures models with `labbook measure`, and says where the time went and how well the halves of the rounds agree.

usage: Benchmarks/measuring.py [--count 600] [--models FOLDER] [--runtime onnxruntime] [--python PYTHON] [--host HOST]
                               [--ssh "-p 2222"] [--threads 1] [--rounds 12] [--budget 11m] [--quick] [--folder FOLDER]

Without --models, as many residual networks as --count says are cut at random out of the default space, with random weights,
and written to --folder. The overhead is everything but timed runs and warm-up: goals are 5 % on this machine and 10 % over ssh.
The goals of the halves within 1 / 5 / 10 % are 30 / 85 / 97 for ONNX Runtime on one thread. Rows are also written to
Benchmarks/results/measuring.jsonl. Nothing else may run meanwhile: rounds under load are repeated, and say so. With --quick,
nothing waits for other programs, which is enough for the overhead."""

import argparse
import gzip
import json
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rows import keep

HERE = Path(__file__).resolve().parent
NOTEBOOK = """---
title: Models
author: Labbook
date: 2023-11-09
---

```swift {#models timeout=1h}
let space = ResidualCNN(%s)
let weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
for (number, point) in try space.randomPoints(%d, seed: 9).enumerated() {
  let network = try space.network(at: point)
  let digits = String(10000 + number).dropFirst()
  try network.save(onnx: "models/p\\(digits).onnx", weights: weights.sliced(for: network))
}
```
"""
LEVELS = (0.01, 0.05, 0.1)


def run(command, **options):
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))} failed")
    return result.stdout


def make_models(arguments, folder):
    """The folder of models, which are made unless they are there."""
    models, notebook = folder / "models", folder / "models.md"
    widths = f"widths: {json.loads(arguments.widths)}" if arguments.widths else ""
    text = NOTEBOOK % (widths, arguments.count)
    isMade = notebook.exists() and notebook.read_text() == text
    if not isMade or len(list(models.glob("*.onnx"))) != arguments.count:
        models.mkdir(parents=True, exist_ok=True)
        for old in models.glob("*.onnx"):
            old.unlink()
        notebook.write_text(text)
        run([arguments.labbook, "run", "--fresh", "models.md"], cwd=folder)
    return models


def device(arguments, folder):
    """Writes devices.yaml. JSON is YAML, too."""
    entry = {"runtimes": [{"runtime": arguments.runtime, "threads": arguments.threads, "name": "device"}]}
    if arguments.runtime != "onednn":
        entry["python"] = arguments.python
    if arguments.host:
        entry["host"] = arguments.host
    if arguments.ssh:
        entry["ssh"] = shlex.split(arguments.ssh)
    if arguments.quick:
        entry.update(quiet=1000, patience=0)
    (folder / "devices.yaml").write_text(json.dumps({"bench": entry}))


def where_time_went(path, seconds):
    """Shares of the wall time, from the raw rounds."""
    with gzip.open(path, "rt") as file:
        visits = [line["visit"]["_0"] for line in map(json.loads, file) if "visit" in line]
    timed = sum(sum(visit["runs"]) for visit in visits) / 1e9
    warm = sum(visit["warm"][1] for visit in visits) / 1e9
    load = sum(visit["load"] for visit in visits) / 1e9
    waiting = sum(visit["waiting"] for visit in visits)
    inside = sum(visit["wall"] for visit in visits) / 1e9
    total = seconds - waiting
    spoilt = sum(1 for visit in visits if visit["spoilt"])
    print(f"  {len(visits)} visits, {spoilt} of them disturbed; {total:.0f} s without {waiting:.0f} s of waiting: "
          f"{100 * timed / total:.1f} % timed runs, {100 * warm / total:.1f} % warm-up, {100 * load / total:.1f} % loading, "
          f"{100 * (inside - timed - warm - load) / total:.1f} % else on the device (probe, conversion), "
          f"{100 * (total - inside) / total:.1f} % between (start, transfer, connection, runner)")
    median = statistics.median(statistics.median(visit["runs"]) for visit in visits) / 1e6
    print(f"  median of all models {median:.2f} ms")
    return 1 - (timed + warm) / total


def agreements(arguments, path):
    """The halves' agreement by estimator, as `labbook measure --compare` prints it."""
    result = {}
    for line in run([arguments.labbook, "measure", "--compare", path]).splitlines():
        print("  " + line)
        _, rest = line.split("  ", 1)
        shares, name = rest.rsplit("  ", 1)
        result[name] = [int(share) for share in shares.split(" %")[0].split(" / ")]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labbook", default=str(HERE.parent / ".build/debug/labbook"))
    parser.add_argument("--folder", default=str(HERE / "results/measuring"), help="where models and rounds are kept")
    parser.add_argument("--models", help="a folder of ONNX models")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--widths", help="of the space whose networks are made: [32, 64, 128, 256]")
    parser.add_argument("--runtime", default="onnxruntime")
    parser.add_argument("--python", default=str(HERE.parent / ".build/runtimes/bin/python"))
    parser.add_argument("--host")
    parser.add_argument("--ssh")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--budget", default="11m")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    folder = Path(arguments.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    models = Path(arguments.models).resolve() if arguments.models else make_models(arguments, folder)
    device(arguments, folder)
    table = folder / "latency.csv"
    began = time.monotonic()
    said = run([arguments.labbook, "measure", models, "--on", "bench", "--file", "devices.yaml", "--output", table, "--rounds",
                str(arguments.rounds), "--runs", str(arguments.runs), "--precision", "0.001", "--budget", arguments.budget,
                "--fresh"], cwd=folder)
    seconds = time.monotonic() - began
    print(said, end="")
    rounds = folder / "latency.rounds.jsonl.gz"
    overhead = where_time_went(rounds, seconds)
    count = len(list(models.glob("*.onnx")))
    name = f"{arguments.runtime}, {arguments.threads} thread{'s' if arguments.threads > 1 else ''}, {count} models"
    name += " over ssh" if arguments.host else ""
    rows = [dict(name=f"{name}: neither timed nor warm-up", ours=round(100 * overhead, 1), peer=10 if arguments.host else 5,
                 ratio=None, unit="%")]
    for estimator, shares in agreements(arguments, rounds).items():
        for level, share in zip(LEVELS, shares):
            rows.append(dict(name=f"{name}: halves within {100 * level:.0f} %, {estimator}", ours=share, peer=None, ratio=None,
                             unit="%"))
    print(json.dumps(rows[0]))
    keep("measuring.jsonl", rows)


if __name__ == "__main__":
    main()
