#!/usr/bin/env python3
"""Compares storing and loading values, and reading tables, with numpy, pickle and pandas, alternately in one run.

usage: Benchmarks/values.py [--ours PROGRAM] [--rounds 5]

Python's packages are looked for in the Python that LABBOOK_NUMPY_PYTHON names. To install them:

    python3 -m venv ~/numpy && ~/numpy/bin/pip install numpy pandas
    LABBOOK_NUMPY_PYTHON=~/numpy/bin/python make bench-values

Both sides write a value, compute its SHA-256 and flush the file to the disk. Then they read the file, compute its SHA-256
and decode the value. Each side runs in its own process and times only these steps. Seconds are the best round's for both
sides, since other work on the machine only slows a round down. The rows also go to Benchmarks/results/values.jsonl."""

import argparse
import base64
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = {
    "numbers-out": "ten million doubles, handed on",
    "numbers-in": "ten million doubles, taken in",
    "structures-out": "half a million structures, handed on",
    "structures-in": "half a million structures, taken in",
    "table": "CSV, a million rows of five, as a table",
    "latencies": "CSV, a million rows of five, as latencies",
}


def peer(case, file):
    """Runs in the Python that LABBOOK_NUMPY_PYTHON names."""
    import hashlib
    import pickle
    import time
    if case.endswith("-out"):
        import numpy
        value = (numpy.random.default_rng(1).random(10_000_000) if case == "numbers-out" else
                 [dict(id=i, name=f"p{i}", x=i * 0.5, y=i * 0.25) for i in range(500_000)])
        start = time.perf_counter()
        data = pickle.dumps(value, protocol=5)
        hashlib.sha256(data).hexdigest()
        with open(file, "wb") as output:
            output.write(data)
            output.flush()
            os.fsync(output.fileno())
    elif case.endswith("-in"):
        import numpy  # The import isn't timed.
        start = time.perf_counter()
        with open(file, "rb") as source:
            data = source.read()
        hashlib.sha256(data).hexdigest()
        pickle.loads(data)
    else:
        import pandas
        start = time.perf_counter()
        table = pandas.read_csv(file)
        if case == "latencies":
            assert table["id"].is_unique and (table["median_ms"] > 0).all()
    print(time.perf_counter() - start)


def run(command, environment=None):
    result = subprocess.run(command, capture_output=True, text=True, env=environment, start_new_session=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return float(result.stdout.strip().splitlines()[-1])


def ours(program, case, folder, digests):
    if case in ("table", "latencies"):
        return run([program, case, str(folder / "table.csv")])
    events = folder / "events"
    events.unlink(missing_ok=True)
    kind = case.split("-")[0]
    inputs = {}
    if case.endswith("-in"):
        inputs["value"] = dict(path=str(folder / digests[kind]), sha256=digests[kind])
    elif kind in digests:
        (folder / digests[kind]).unlink()
    job = dict(cell="benchmark", inputs=inputs, blobs=str(folder), events=str(events), seed=1,
               parameters=base64.b64encode(b"{}").decode(), threads=os.cpu_count(), language="en", runner=os.getpid(),
               checkpoints=str(folder / "checkpoints"), fits=str(folder / "fits"))
    (folder / "job.json").write_text(json.dumps(job))
    time = run([program, case], dict(os.environ, LABBOOK_JOB=str(folder / "job.json")))
    for event in map(json.loads, events.read_text().splitlines()):
        if "handedOn" in event:
            digests[kind] = event["handedOn"]["_0"]["sha256"]
    return time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", default=str(HERE / ".build/debug/ValuesBenchmark"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", nargs=2)
    arguments = parser.parse_args()
    if arguments.peer:
        return peer(*arguments.peer)
    python = os.environ.get("LABBOOK_NUMPY_PYTHON")
    best = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        numbers = random.Random(1)
        with open(folder / "table.csv", "w") as table:
            table.write("id,device,median_ms,p90_ms,runs\n")
            for row in range(1_000_000):
                median = numbers.uniform(1, 50)
                table.write(f"arch{row},epyc,{median:.4f},{1.1 * median:.4f},{row % 100}\n")
        digests = {}
        for _ in range(arguments.rounds):
            for case in NAMES:
                time = ours(arguments.ours, case, folder, digests)
                best["ours", case] = min(best.get(("ours", case), time), time)
                if python:
                    file = "table.csv" if case in ("table", "latencies") else case.split("-")[0]
                    time = run([python, __file__, "--peer", case, str(folder / file)])
                    best["peer", case] = min(best.get(("peer", case), time), time)
    rows = []
    for case, title in NAMES.items():
        own, other = best["ours", case], best.get(("peer", case))
        ratio = own / other if other else None
        print(f"{title:44} {own:7.3f} s" + (f" {other:7.3f} s {ratio:5.2f}" if other else ""))
        rows.append(dict(name=title, ours=round(own, 4), peer=other and round(other, 4), ratio=ratio and round(ratio, 3),
                         unit="s"))
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/values.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    main()
