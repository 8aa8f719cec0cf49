"""The rows of results that the benchmarks write to Benchmarks/results, one JSON object a line."""

import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"


def keep(file, rows):
    """Writes rows to a file of RESULTS in place of those with the same names. Rows that weren't measured are kept."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / file
    kept = {row["name"]: row for row in map(json.loads, path.read_text().splitlines())} if path.exists() else {}
    kept.update((row["name"], row) for row in rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in kept.values()))
