#!/usr/bin/env python3
"""Simulates a run of many cells on many nodes, and says which part of the machinery is the first to be busy all the time.

usage: Benchmarks/scale.py [--cells 10000] [--nodes 1000] [--terabytes 1]

A discrete-event simulation of Documentation/scale.md's model: cells form rows of equal width, each needs one cell of the row
above. The runner is one server, the queue's controller another, the file server a third; what each takes for one cell is
measured (runner) or usual (the others), and can be changed below."""

import argparse
import heapq
import random

# Seconds of the runner for one cell: key, look-up, record of the job, reading events and output, storing the result.
RUNNER = 0.012
# Seconds of the runner for one pass over the cells that are not settled, for each of them.
PASS = 0.6e-6
# Seconds of one look at a running job: five small reads.
LOOK = 0.25e-3
# Seconds between two looks at the jobs, and at the queue.
PAUSE, INTERVAL = 1.0, 5.0
# Seconds of Slurm's controller for one submission, and for one job's line of squeue.
SUBMIT, LINE = 0.02, 20e-6
# Operations a second of a file server's metadata, and its bytes a second.
OPERATIONS, BANDWIDTH = 5_000.0, 2e9
# Operations for one cell: job, environment, list, record, attempt, output, events, ending, blobs, result, lock.
OPERATIONS_A_CELL = 60


def simulate(cells, nodes, total_bytes, seconds, seed=1):
    """The makespan, and the share of it that each server was busy."""
    random.seed(seed)
    width = min(cells, nodes)
    size = total_bytes / cells
    busy = {"runner": 0.0, "controller": 0.0, "metadata": 0.0, "bandwidth": 0.0}
    free = dict.fromkeys(busy, 0.0)
    settled = 0

    def serve(server, start, duration):
        begin = max(start, free[server])
        free[server] = begin + duration
        busy[server] += duration
        return free[server]

    waiting = [(0.0, cell) for cell in range(width)]
    heapq.heapify(waiting)
    places = [0.0] * nodes
    heapq.heapify(places)
    end = 0.0
    while waiting:
        now, cell = heapq.heappop(waiting)
        # The runner: the cell's own work and a pass over all that is not settled.
        now = serve("runner", now, RUNNER + PASS * (cells - settled))
        now = serve("controller", now, SUBMIT)
        now = max(now, heapq.heappop(places))
        now = serve("metadata", now, OPERATIONS_A_CELL / OPERATIONS)
        # It reads one value and writes one; a node's own line is no limit here.
        now = serve("bandwidth", now, 2 * size / BANDWIDTH)
        duration = seconds * random.uniform(0.5, 1.5)
        # While it runs, it is looked at; squeue lists it.
        looks = duration / PAUSE
        busy["runner"] += looks * LOOK
        busy["metadata"] += looks * 5 / OPERATIONS
        busy["controller"] += duration / INTERVAL * LINE
        finished = now + duration
        heapq.heappush(places, finished)
        settled += 1
        end = max(end, finished)
        if cell + width < cells:
            heapq.heappush(waiting, (finished + PAUSE / 2, cell + width))
    return end, {name: share / end for name, share in busy.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--terabytes", type=float, default=1)
    arguments = parser.parse_args()
    print(f"{arguments.cells} cells, {arguments.nodes} nodes, {arguments.terabytes} TB of values")
    print("a cell takes   the run takes   at best     runner  controller  metadata  bandwidth")
    for seconds in [10, 60, 600, 3600]:
        end, shares = simulate(arguments.cells, arguments.nodes, arguments.terabytes * 1e12, seconds)
        best = arguments.cells / arguments.nodes * seconds
        columns = "".join(f"{100 * shares[name]:9.0f} %" for name in ["runner", "controller", "metadata", "bandwidth"])
        print(f"{seconds:9} s {end:13.0f} s {best:9.0f} s {columns}")


main()
