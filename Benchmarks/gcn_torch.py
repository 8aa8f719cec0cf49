"""PyTorch's side of the GCN benchmark: BRP-NAS's latency GCN (Dudziak and others, 2020) with dense batched adjacency
matrices as published. Prints one JSON line: samples per second and the last epoch's mean loss.

Every layer is dropout(relu(layer_norm(A (X W) + b))), and the output is one linear unit on the global node's row."""

import argparse
import json
import random
import time

import torch
from torch import nn

# The edges of a NAS-Bench-201 cell in the order of its string, as pairs of feature maps.
EDGES = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]
NONE, SKIP = 0, 1


def encode(cell):
    """Returns adjacency (9 x 9) and one-hot features (9 x 6) of a cell, whose six operations are base-5 digits.

    Rows: global node, input, the six operations, output. `none` loses its edges, `skip_connect` is bypassed, and what
    then lies on no path from input to output is a row of zeros."""
    operations = [cell // 5**edge % 5 for edge in range(6)]
    into = {0: [1], 1: [], 2: [], 3: []}  # for each feature map, the nodes whose sum it is
    for edge, (source, target) in enumerate(EDGES):
        if operations[edge] == SKIP:
            into[target] += into[source]
        elif operations[edge] != NONE:
            into[target].append(2 + edge)
    successors = {node: set() for node in range(1, 9)}
    for edge, (source, _) in enumerate(EDGES):
        if operations[edge] > SKIP:
            for node in into[source]:
                successors[node].add(2 + edge)
    for node in into[3]:
        successors[node].add(8)

    def reachable(start, neighbours):
        seen, pending = {start}, [start]
        while pending:
            new = neighbours(pending.pop()) - seen
            seen |= new
            pending += new
        return seen

    predecessors = {node: {p for p in successors if node in successors[p]} for node in successors}
    live = reachable(1, successors.get) & reachable(8, predecessors.get)
    adjacency, features = torch.eye(9), torch.zeros(9, 6)
    adjacency[0, :] = 1
    features[0, 5] = 1
    for node in live:
        for successor in successors[node] & live:
            adjacency[node, successor] = 1
        features[node, 3 if node == 1 else 4 if node == 8 else operations[node - 2] - 2] = 1
    return adjacency, features


class GCN(nn.Module):
    def __init__(self, hidden, layers, dropout):
        super().__init__()
        widths = [6] + [hidden] * layers
        self.weights = nn.ModuleList(nn.Linear(i, o, bias=False) for i, o in zip(widths, widths[1:]))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(hidden)) for _ in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(layers))
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()
        self.output = nn.Linear(hidden, 1)

    def forward(self, adjacency, rows):
        for weight, bias, norm in zip(self.weights, self.biases, self.norms):
            rows = self.dropout(torch.relu(norm(torch.bmm(adjacency, weight(rows)) + bias)))
        return self.output(rows[:, 0]).squeeze(-1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, preset in dict(hidden=600, layers=4, batch=10, samples=900, epochs=3, threads=1).items():
        parser.add_argument(f"--{name}", type=int, default=preset)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--predict", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    cells = random.Random(0).sample(range(5**6), arguments.samples)
    adjacency, features = (torch.stack(tensors) for tensors in zip(*map(encode, cells)))
    targets = torch.rand(arguments.samples)
    model = GCN(arguments.hidden, arguments.layers, arguments.dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-4, weight_decay=5e-4, fused=True)
    run = torch.compile(model) if arguments.compile else model
    loss = 0.0

    def train():
        nonlocal loss
        total = torch.zeros(())
        for batch in torch.randperm(arguments.samples).split(arguments.batch):
            optimizer.zero_grad(set_to_none=True)
            error = nn.functional.l1_loss(run(adjacency[batch], features[batch]), targets[batch])
            error.backward()
            optimizer.step()
            total += error.detach() * len(batch)
        loss = total.item() / arguments.samples

    def predict():
        with torch.inference_mode():
            for batch in torch.arange(arguments.samples).split(arguments.batch):
                run(adjacency[batch], features[batch])

    times = []
    for _ in range(1 + arguments.epochs):
        start = time.perf_counter()
        predict() if arguments.predict else train()
        times.append(time.perf_counter() - start)
    times = sorted(times[1:])  # The first epoch includes compilation and allocation.
    rates = [arguments.samples / times[len(times) // 2], arguments.samples / times[0]]
    print(json.dumps(dict(median=rates[0], best=rates[1], loss=loss)))


if __name__ == "__main__":
    main()
