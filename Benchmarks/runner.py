#!/usr/bin/env python3
"""Times whole processes, from a notebook to its written report, of Labbook and of other notebook tools alternately.

usage: Benchmarks/runner.py [--only SCENARIO] [--tools NAME,...] [--rounds 5] [--folder DIR]

Scenarios: cold (no stored result), unchanged, edited (the last cell), expensive (the last cell edited, with a cell of six
seconds above it), long (Labbook alone: a notebook of 200 cells, nothing changed). The tools are looked for in the Python
environment that LABBOOK_PEERS names and on the search path; those that are missing are named and left out:

    python3 -m venv ~/peers
    ~/peers/bin/pip install nbconvert ipykernel numpy matplotlib marimo myst-nb sphinx jupyter-cache codebraid
    sudo apt install pandoc r-base-core r-cran-rmarkdown r-cran-codetools
    LABBOOK_PEERS=~/peers make bench-runner

Each figure is the median of all rounds. In each round every tool runs twice and the second time counts, because the
files of an idle tool may have to be read from the disk again. Every report is checked for the output of its last cell.
The rows are also written to Benchmarks/results/runner.jsonl, where a new measurement of a scenario replaces its rows."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from runner_tools import ENVIRONMENT, PEERS, ROOT, Labbook, LabbookOnPaper

PAUSE = 6
LONG = 200
SCENARIOS = {
    "cold": "cold",
    "unchanged": "nothing changed",
    "edited": "last cell edited",
    "expensive": f"last cell edited, a {PAUSE} s cell above it",
    "long": f"{LONG} cells, nothing changed",
}


class WrongReport(Exception):
    pass


def seconds(tool, edit):
    """Runs a tool and checks that its report contains the output of the last cell."""
    start = time.perf_counter()
    result = subprocess.run(
        tool.command(), cwd=tool.folder, env=ENVIRONMENT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    report = tool.folder / tool.report
    if result.returncode != 0 or not report.exists():
        raise WrongReport(f"{tool.name} failed: {(result.stderr or result.stdout)[-800:]}")
    # The cell's source, which some reports show, has `edit N:` in quotation marks and no number behind it.
    if not re.search(rf"edit {edit}: [\d.]", report.read_text()):
        raise WrongReport(f"{tool.name} wrote a report without what the last cell printed")
    return taken


class Bench:
    def __init__(self, tools, folder, rounds):
        self.tools, self.folder, self.rounds, self.number = tools, folder, rounds, 0

    def place(self, tool, scenario):
        return tool(self.folder / f"{tool.__name__.lower()}-{'slow' if scenario == 'expensive' else 'quick'}")

    def next_edit(self):
        self.number += 1
        return self.number

    def times(self, scenario):
        """Returns the seconds of every round, by the tool's name."""
        times = {tool.name: [] for tool in self.tools}
        self.number = int(time.time()) % 1_000_000 * 100
        pause = PAUSE if scenario == "expensive" else 0
        edits = {}
        if scenario != "cold":
            for kind in self.tools:
                tool = self.place(kind, scenario)
                edits[kind] = self.next_edit()
                tool.edit(edits[kind], pause)
                seconds(tool, edits[kind])
        for number in range(self.rounds):
            for kind in self.tools:
                tool = self.place(kind, scenario)
                # If a tool was idle while others ran, its files may have to be read from the disk, so only the second of
                # two runs counts.
                for _ in range(2):
                    if scenario == "cold":
                        tool.prepare()
                    if scenario != "unchanged":
                        edits[kind] = self.next_edit()
                        tool.edit(edits[kind], pause)
                    taken = seconds(tool, edits[kind])
                times[kind.name].append(taken)
            print(f"  {SCENARIOS[scenario]}: round {number + 1} of {self.rounds}", file=sys.stderr)
        return times

    def long(self):
        """Times Labbook with many cells, each of which uses the value of the one before."""
        tool = Labbook(self.folder / "labbook-long")
        cells = ["let v1 = 1"] + [f"let v{n} = v{n - 1} + 1" for n in range(2, LONG)]
        tool.cells(cells + [f'print("edit {LONG}:", v{LONG - 1})'])
        seconds(tool, LONG)
        return {tool.name: [seconds(tool, LONG) for _ in range(self.rounds)]}


def text(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=SCENARIOS, action="append", help="measure this scenario; may be repeated")
    parser.add_argument("--tools", help="measure these tools, names separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / "Benchmarks/results/runner")
    arguments = parser.parse_args()

    kinds = [Labbook, LabbookOnPaper]
    for peer in PEERS:
        if arguments.tools and not any(word in peer.name for word in arguments.tools.split(",")):
            continue
        if peer(arguments.folder).installed():
            kinds.append(peer)
        else:
            print(f"{peer.name} is not installed: {peer.install}", file=sys.stderr)

    bench = Bench(kinds, arguments.folder.resolve(), arguments.rounds)
    scenarios = arguments.only or list(SCENARIOS)
    rows, table = [], {}
    for scenario in scenarios:
        times = bench.long() if scenario == "long" else bench.times(scenario)
        medians = {name: statistics.median(values) for name, values in times.items()}
        table[scenario] = medians
        ours = medians[Labbook.name]
        peers = {name: value for name, value in medians.items() if name not in (Labbook.name, LabbookOnPaper.name)}
        peers = peers or {None: None}
        for name, value in peers.items():
            rows.append({
                "name": SCENARIOS[scenario] + (f", {name}" if name else ""), "ours": round(ours, 4),
                "peer": value and round(value, 4), "ratio": value and round(value / ours, 2), "unit": "s"})

    print("\n| | " + " | ".join(SCENARIOS[s] for s in scenarios) + " |")
    print("| --- |" + " --- |" * len(scenarios))
    for kind in kinds:
        values = [table[s].get(kind.name) for s in scenarios]
        if not any(values):
            continue
        ours = [table[s][Labbook.name] for s in scenarios]
        ratios = [f" ({v / o:.1f} ×)" if v and not issubclass(kind, Labbook) else "" for v, o in zip(values, ours)]
        print(f"| {kind.name} | " + " | ".join(text(v) + r if v else "" for v, r in zip(values, ratios)) + " |")

    results = ROOT / "Benchmarks/results/runner.jsonl"
    results.parent.mkdir(parents=True, exist_ok=True)
    kept = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    measured = {row["name"] for row in rows}
    with results.open("w") as file:
        for row in [row for row in kept if row["name"] not in measured] + rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    try:
        main()
    except WrongReport as error:
        sys.exit(str(error))
