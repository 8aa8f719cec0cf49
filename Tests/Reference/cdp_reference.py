"""PyTorch's results for CDP's network and its objective: the numbers that CDPReferenceTests.swift quotes.

    /tmp/torch/bin/python Tests/Reference/cdp_reference.py

There are eight graphs: three of the source, three of the target, two assistants. Features and parameters come from the
formulas of graph_networks_reference.py, features times 4. The script prints the outputs for the source, the mean
squared error, the norm of all its gradients, and the sum of the k-th gradient times sin(k / 2); then the same for the
whole objective after some fractions of training."""
import math

import torch

from graph_networks_reference import FEATURES, Parameters, show
from seeded_generator import SeededGenerator

# For each node of a graph, its predecessors. Graph g has the shape g modulo 3.
SHAPES = [[[], [0], [0], [1, 2]], [[], [0], [1]], [[], [0], [0], [1], [2, 3], [4]]]
SOURCE, TARGET, ASSISTANTS = [0, 1, 2], [3, 4, 5], [6, 7]
LABELS = [0.11, -1, 0.9]
WEIGHT = 2
SEED = 4


def features(graph):
    def feature(node, column):
        return 4 * math.sin(1 + 1.3 * graph + 0.7 * node + 2.1 * column)

    nodes = len(SHAPES[graph % 3])
    return torch.tensor([[feature(node, column) for column in range(FEATURES)] for node in range(nodes)])


def means(graph):
    """The matrix of the mean over each node and its predecessors, and that over each node and its successors."""
    shape = SHAPES[graph % 3]
    before = torch.eye(len(shape))
    for node, sources in enumerate(shape):
        before[node, sources] = 1
    after = before.T
    return before / before.sum(1, keepdim=True), after / after.sum(1, keepdim=True)


def network(p, layers=2, units=6, vector=5):
    both = []
    for index in range(layers):
        inputs = FEATURES if index == 0 else units
        both.append((p.linear(inputs, units), p.linear(inputs, units)))
    joint, output = p.linear(units, vector, bias=False), p.linear(vector, 1)

    def run(graph):
        x, (before, after) = features(graph), means(graph)
        for backward, forward in both:
            x = (torch.relu(backward(before @ x)) + torch.relu(forward(after @ x))) / 2
        joined = joint(x.mean(0))
        return joined, output(joined)

    return run


def discrepancy(vectors, labels, predictions, classes):
    """LMMD: the mean over the classes that both halves have of the squared distance between the halves' means."""
    differences = vectors[:, None] - vectors[None]
    distances = differences.square().sum(2)
    count = len(vectors)
    width = distances.sum().item() / (count * (count - 1))
    kernel = sum(torch.exp(-distances / (width * factor)) for factor in (0.25, 0.5, 1, 2, 4))
    # The greatest label of each class but the last is below the next class's bound.
    bounds = [sorted(labels)[k * len(labels) // classes] for k in range(1, classes)]
    ours = [sum(bound <= label for bound in bounds) for label in labels]
    theirs = [sum(bound <= prediction for bound in bounds) for prediction in predictions]
    print("classes of the source", ours, "of the others", theirs)
    terms = []
    for number in range(classes):
        here = [place for place, own in enumerate(ours) if own == number]
        there = [len(labels) + place for place, own in enumerate(theirs) if own == number]
        if here and there:
            terms.append(
                kernel[here][:, here].mean() + kernel[there][:, there].mean() - 2 * kernel[here][:, there].mean())
    return sum(terms) / len(terms)


def report(p, name, outputs, value):
    value.backward()
    gradients = torch.cat([t.grad.reshape(-1) for t in p.tensors])
    print(f"# {name}: {gradients.numel()} parameters")
    print("outputs", show(outputs), "loss", f"{value.item():.6g}", "norm", f"{gradients.norm().item():.6g}",
          "sum", f"{(gradients * torch.sin(torch.arange(gradients.numel()) / 2)).sum().item():.6g}")


def objective(progress):
    p = Parameters()
    run = network(p)
    others = ASSISTANTS if progress < 0.15 else TARGET
    random = SeededGenerator(SEED)
    drawn = [others[random.below(len(others))] for _ in SOURCE]
    print("drawn", drawn)
    joined, outputs = zip(*(run(graph) for graph in SOURCE + drawn))
    outputs = torch.cat(outputs)
    count = len(SOURCE)
    error = (outputs[:count] - torch.tensor(LABELS)).square().mean()
    classes = 1 + math.floor(1 - math.cos(math.pi * progress) + 0.5)
    distance = discrepancy(torch.stack(joined), LABELS, outputs[count:].tolist(), classes)
    strength = 2 / (1 + math.exp(-10 * progress)) - 1
    print("error", f"{error.item():.6g}", "LMMD", f"{distance.item():.6g}", "strength", f"{strength:.6g}")
    report(p, f"objective at {progress}", outputs.tolist(), error + WEIGHT * strength * distance)


if __name__ == "__main__":
    p = Parameters()
    run = network(p)
    outputs = torch.cat([run(graph)[1] for graph in SOURCE])
    report(p, "network", outputs.tolist(), (outputs - torch.tensor(LABELS)).square().mean())
    for progress in (0.1, 0.25, 0.5, 0.75):
        objective(progress)
