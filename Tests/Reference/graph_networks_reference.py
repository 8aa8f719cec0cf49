"""PyTorch's results for small graph networks: the numbers that GraphNetworkReferenceTests.swift quotes.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python Tests/Reference/graph_networks_reference.py

All inputs come from formulas, so the test can compute them, too: three graphs with 6 features, and the parameters in the
order of each network's layout. The script prints the outputs, the loss, the norm of all its gradients, and the sum of
the k-th gradient times sin(k / 2).
"""
import math

import torch
import torch.nn.functional as F

# For each graph and node, the node's predecessors.
GRAPHS = [[[], [0], [0], [1, 2]], [[], [0], [1]], [[], [0], [0], [1], [2, 3], [4]]]
FEATURES = 6
TARGETS = [0.25, 1.0, 0.5]


def features(graph):
    nodes = len(GRAPHS[graph])
    return torch.tensor([[math.sin(1 + 1.3 * graph + 0.7 * n + 2.1 * c) for c in range(FEATURES)] for n in range(nodes)])


def predecessors(graph):
    matrix = torch.zeros(len(GRAPHS[graph]), len(GRAPHS[graph]))
    for node, sources in enumerate(GRAPHS[graph]):
        matrix[node, sources] = 1
    return matrix


class Parameters:
    """Makes tensors filled by formula, in the order of the calls."""

    def __init__(self):
        self.tensors, self.start = [], 0

    def take(self, *shape, plus=0.0, times=1.0):
        values = [plus + times * 0.4 * math.sin(0.9 * (self.start + k)) for k in range(math.prod(shape))]
        self.start += len(values)
        tensor = torch.tensor(values, dtype=torch.float64).reshape(shape).float().requires_grad_()
        self.tensors.append(tensor)
        return tensor

    def linear(self, inputs, outputs, bias=True):
        weight = self.take(inputs, outputs)
        shift = self.take(outputs) if bias else 0
        return lambda x: x @ weight + shift

    def norm(self, width):
        scale, shift = self.take(width, plus=1.0), self.take(width)
        return lambda x: F.layer_norm(x, (width,), scale, shift)

    def perceptron(self, *widths, activation=torch.relu):
        layers = [self.linear(a, b) for a, b in zip(widths, widths[1:])]

        def run(x):
            for layer in layers[:-1]:
                x = activation(layer(x))
            return layers[-1](x)

        return run


def gelu(x):
    return F.gelu(x, approximate="tanh")


def normalised(x):
    return x / (x.square().sum(1, keepdim=True) + 1e-12).sqrt()


def nnlqp(p, layers=2, units=7, totals=3):
    sage = [(p.linear(FEATURES - totals if i == 0 else units, units), p.linear(FEATURES - totals if i == 0 else units, units, bias=False))
            for i in range(layers)]
    head = p.perceptron(units + totals, units, units, 1)

    def run(g):
        x, matrix = features(g), predecessors(g)
        matrix = matrix / matrix.sum(1, keepdim=True).clamp(min=1)
        x, rest = x[:, :-totals], x[:, -totals:].mean(0)
        for neighbours, own in sage:
            x = torch.relu(normalised(neighbours(matrix @ x) + own(x)))
        return head(torch.cat([x.sum(0), rest]))

    return run


def gates(p, on_edges, layers=3, units=5, embedding=4):
    embed, start, first = p.linear(FEATURES, embedding), p.take(embedding), p.linear(embedding, units)
    pairs = [(p.linear(embedding, units), p.linear(units, units)) for _ in range(layers)]
    head = p.perceptron(units, 2 * units, 1)

    def run(g):
        operation, matrix = embed(features(g)), predecessors(g)
        source = (matrix.sum(1, keepdim=True) == 0).float()
        x = first(source * start)
        for index, (gate, information) in enumerate(pairs):
            gated, flow = torch.sigmoid(gate(operation)), information(x)
            x = matrix @ (gated * flow) + source * flow if on_edges else gated * (matrix @ flow) + flow
            if index < layers - 1:
                x = torch.relu(x)
        return head(x[matrix.sum(0) == 0].sum(0))

    return run


def transformer(p, width, heads):
    norm1, packed, output = p.norm(width), p.linear(width, 3 * width), p.linear(width, width)
    norm2, up, down = p.norm(width), p.linear(width, 4 * width), p.linear(4 * width, width)

    def run(x):
        q, k, v = (t.reshape(-1, heads, width // heads).transpose(0, 1) for t in packed(norm1(x)).split(width, 1))
        x = x + output(F.scaled_dot_product_attention(q, k, v).transpose(0, 1).reshape(-1, width))
        return x + down(torch.relu(up(norm2(x))))

    return run


def pooling(p, width, queries):
    keys, values, query = p.linear(width, width), p.linear(width, width), p.take(queries, width)
    return lambda x: torch.softmax(keys(x) @ query.T / math.sqrt(width), 0).T @ values(x)


def nar_former(p, blocks=2, width=8, heads=2):
    first = p.linear(FEATURES, width)
    layers = [transformer(p, width, heads) for _ in range(blocks)]
    layers += [pooling(p, width, queries) for queries in (4, 2, 1)]
    head = p.perceptron(width, width, 1)

    def run(g):
        x = first(features(g))
        for layer in layers:
            x = layer(x)
        return head(x)[0]

    return run


def nar_former_v2(p, layers=2, width=8, groups=2):
    first = p.linear(FEATURES, width)
    part = width // groups
    parts = []
    for _ in range(layers):
        norm1, packed, output = p.norm(width), p.linear(width, 3 * width), p.linear(width, width)
        root, gate, scale1 = p.linear(width, width, bias=False), p.linear(1, width), p.take(width, plus=1.0)
        norm2, mlps = p.norm(width), [p.perceptron(part, 4 * part, part, activation=gelu) for _ in range(groups)]
        parts.append((norm1, packed, output, root, gate, scale1, norm2, mlps, p.take(width, plus=1.0)))
    head = p.perceptron(width, width, 1)

    def run(g):
        x, matrix = first(features(g)), predecessors(g)
        degrees = torch.log(1 + matrix.sum(1, keepdim=True))
        for norm1, packed, output, root, gate, scale1, norm2, mlps, scale2 in parts:
            y = norm1(x)
            q, k, v = packed(y).split(width, 1)
            shares = torch.sigmoid(q @ k.T / math.sqrt(width)) * matrix
            attention = shares @ v / (shares.sum(1, keepdim=True) + 1e-6)
            x = x + normalised(output(attention) + root(y)) * torch.sigmoid(gate(degrees)) * scale1
            z = norm2(x)
            x = x + torch.cat([mlp(c) for mlp, c in zip(mlps, z.split(part, 1))], 1) * scale2
        return head(x.sum(0))

    return run


def show(numbers):
    return "[" + ", ".join(f"{n:.6g}" for n in numbers) + "]"


def hinge(outputs, targets, margin=0.1):
    terms = [torch.relu(margin - (outputs[i] - outputs[j]))
             for i in range(len(targets)) for j in range(len(targets)) if targets[i] > targets[j]]
    return sum(terms) / len(terms)


def report(name, make, loss=F.mse_loss):
    p = Parameters()
    run = make(p)
    outputs = torch.cat([run(g).reshape(1) for g in range(len(GRAPHS))])
    value = loss(outputs, torch.tensor(TARGETS))
    value.backward()
    gradients = torch.cat([t.grad.reshape(-1) for t in p.tensors])
    print(f"# {name}: {gradients.numel()} parameters")
    print("outputs", show(outputs.tolist()), "loss", f"{value.item():.6g}", "norm", f"{gradients.norm().item():.6g}")
    print("sum", f"{(gradients * torch.sin(torch.arange(gradients.numel()) / 2)).sum().item():.6g}")


if __name__ == "__main__":
    report("nnlqp", nnlqp)
    report("gates on edges", lambda p: gates(p, True), hinge)
    report("gates on nodes", lambda p: gates(p, False), hinge)
    report("nar-former", nar_former)
    report("nar-former-v2", nar_former_v2)
