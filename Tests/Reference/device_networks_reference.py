"""PyTorch's results for small networks for many devices: the numbers that DeviceNetworkReferenceTests.swift quotes.

    /tmp/torch/bin/python Tests/Reference/device_networks_reference.py

Graphs, parameters and the printed numbers are as in graph_networks_reference.py, except that each node aggregates itself
and its successors, and the first node aggregates all nodes."""
import math

import torch
import torch.nn.functional as F

from graph_networks_reference import FEATURES, TARGETS, Parameters, features, show, transformer

# For each graph and node, the nodes that it aggregates, which include itself.
GRAPHS = [
    [[0, 1, 2, 3], [1, 2], [2, 3], [3]],
    [[0, 1, 2], [1, 2], [2]],
    [[0, 1, 2, 3, 4, 5], [1, 2, 3], [2, 4], [3, 4], [4, 5], [5]],
]
DEVICES = [1, 0, 1]


def neighbours(graph):
    matrix = torch.zeros(len(GRAPHS[graph]), len(GRAPHS[graph]))
    for node, summed in enumerate(GRAPHS[graph]):
        matrix[node, summed] = 1
    return matrix


def convolution(p, inputs, units):
    weight, bias, norm = p.take(inputs, units), p.take(units), p.norm(units)
    return lambda x, matrix: torch.relu(norm(matrix @ x @ weight + bias))


def multi_predict(p, layers=2, units=5, hidden=6, devices=2):
    convolutions = [convolution(p, FEATURES if i == 0 else units, units) for i in range(layers)]
    joint, table, head = p.linear(units, 30), p.take(devices + 1, 8), p.perceptron(38, hidden, hidden, 1)

    def run(g):
        x = features(g)
        for layer in convolutions:
            x = layer(x, neighbours(g))
        return head(torch.cat([joint(x.mean(0)), table[DEVICES[g]]]))

    return run


def nasflat(p, layers=2, units=5, devices=2):
    operation, table = p.linear(FEATURES, 40), p.take(devices + 1, 8)
    refining = [convolution(p, 48 if i == 0 else units, units) for i in range(2)]
    first = p.linear(48, units)
    parts = [(p.linear(48 + units, units), p.linear(units, units), p.linear(48 + units, units), p.linear(units, 3 * units), p.norm(units))
             for _ in range(layers)]
    head = p.perceptron(units, 2 * units, 1)

    def run(g):
        matrix = neighbours(g)
        plain = operation(features(g))
        plain = torch.cat([plain, table[DEVICES[g]].expand(len(plain), -1)], 1)
        refined = plain
        for layer in refining:
            refined = layer(refined, matrix)
        operations, x = torch.cat([plain, refined], 1), first(plain)
        for flow_gate, flow, attention_gate, packed, norm in parts:
            information = flow(x)
            gated = torch.sigmoid(flow_gate(operations)) * (matrix @ information) + information
            q, k, v = packed(x).split(units, 1)
            shares = torch.softmax((q @ k.T / math.sqrt(units)).masked_fill(matrix == 0, -math.inf), 1)
            x = torch.relu((gated + norm(torch.sigmoid(attention_gate(operations)) * (shares @ v))) / 2)
        return head(x.mean(0))

    return run


def by_device(outputs, targets):
    terms = [torch.relu(0.1 - (outputs[i] - outputs[j])) for i in range(3) for j in range(3)
             if DEVICES[i] == DEVICES[j] and targets[i] > targets[j]]
    return sum(terms) / len(terms)


def report(name, make, loss=F.mse_loss):
    p = Parameters()
    run = make(p)
    outputs = torch.cat([run(g).reshape(1) for g in range(len(GRAPHS))])
    finish(name, outputs, loss(outputs, torch.tensor(TARGETS)), p)


def finish(name, outputs, value, p):
    value.backward()
    gradients = torch.cat([t.grad.reshape(-1) if t.grad is not None else torch.zeros(t.numel()) for t in p.tensors])
    print(f"# {name}: {gradients.numel()} parameters")
    print("outputs", show(outputs.tolist()), "loss", f"{value.item():.6g}", "norm", f"{gradients.norm().item():.6g}",
          "sum", f"{(gradients * torch.sin(torch.arange(gradients.numel()) / 2)).sum().item():.6g}")


def help_episode(second_order, layers=2, units=3, references=2, steps=2):
    p = Parameters()
    shapes = [s for i in range(layers) for s in ((FEATURES if i == 0 else units, units), (units,))]
    shapes += [s for i in range(2) for s in ((references if i == 0 else units, units), (units,))]
    shapes += [s for i in range(3) for s in ((2 * units, 1 if i == 2 else 2 * units), (1 if i == 2 else 2 * units,))]
    base = [p.take(*shape) for shape in shapes]
    rates = [p.take(*shape, plus=0.05, times=0.1) for shape in shapes]
    modulator = [p.linear(references, references), p.linear(references, 6 * (2 * units + 1))]
    device = torch.tensor([[0.3, -0.7]])

    def forward(w):
        rest = []
        for g in range(len(GRAPHS)):
            x = features(g)
            for i in range(layers):
                x = torch.relu(neighbours(g) @ x @ w[2 * i] + w[2 * i + 1])
            rest.append(x[0])
        d = device
        for i in (layers, layers + 1):
            d = torch.relu(d @ w[2 * i] + w[2 * i + 1])
        x = torch.cat([torch.stack(rest), d.expand(len(rest), -1)], 1)
        for i in range(layers + 2, layers + 5):
            x = x @ w[2 * i] + w[2 * i + 1]
            x = torch.relu(x) if i < layers + 4 else x
        return x[:, 0]

    width = 2 * units + 1
    z = modulator[1](torch.relu(modulator[0](device)))[0]
    mean, deviation = z[: 3 * width], F.softplus(z[3 * width :]) + 1e-6
    drawn = mean + deviation * torch.tensor([math.sin(1.7 * k) for k in range(3 * width)])
    w = list(base)
    for i in range(3):
        part, place = drawn[i * width : (i + 1) * width], 2 * (layers + 2 + i)
        w[place], w[place + 1] = w[place] * (1 + 0.01 * part[:-1, None]), w[place + 1] + 0.01 * part[-1]
    for _ in range(steps):
        gradients = torch.autograd.grad(F.mse_loss(forward(w), torch.tensor(TARGETS)), w, create_graph=second_order, retain_graph=True)
        w = [a - r * g for a, r, g in zip(w, rates, gradients)]
    divergence = ((deviation**2 + mean**2 - 1) / 2 - deviation.log()).mean()
    outputs = forward(w)
    finish(f"help, second order {second_order}", outputs, F.mse_loss(outputs, torch.tensor([0.5, -1, 0.2])) + 0.1 * divergence, p)


def discrepancy():
    """LMMD of six vectors of three numbers, three of each half, in two classes."""
    x = torch.tensor([[math.sin(0.5 + 1.1 * r + 0.7 * c) for c in range(3)] for r in range(6)], requires_grad=True)
    distances = torch.cdist(x, x) ** 2
    mean = (distances.sum() / 30).detach()
    kernel = sum(torch.exp(-distances / (mean * f)) for f in (0.25, 0.5, 1, 2, 4))
    # Targets 1, 2, 3 have the median 2: classes 0, 1, 1; predictions 1.5, 0, 2.5 fall into 0, 0, 1.
    weights = [torch.tensor([1, 0, 0, -0.5, -0.5, 0]), torch.tensor([0, 0.5, 0.5, 0, 0, -1.0])]
    value = sum(w @ kernel @ w for w in weights) / 2
    value.backward()
    print("# discrepancy", f"{value.item():.6g}", "gradient norm", f"{x.grad.norm().item():.6g}")


def cobra(p, width=4, readers=1, layers=2, units=5, length=3):
    words, places = p.take(512, width), p.take(length, width)

    def block():
        norm1, packed, output = p.norm(width), p.linear(width, 3 * width), p.linear(width, width)
        norm2, up, down = p.norm(width), p.linear(width, 2 * width), p.linear(2 * width, width)

        def run(x):
            q, k, v = (t.reshape(-1, 4, width // 4).transpose(0, 1) for t in packed(norm1(x)).split(width, 1))
            x = x + output(F.scaled_dot_product_attention(q, k, v).transpose(0, 1).reshape(-1, width))
            return x + down(F.gelu(up(norm2(x)), approximate="tanh"))

        return run

    blocks = [block() for _ in range(readers)]
    convolutions = [convolution(p, width if i == 0 else units, units) for i in range(layers)]
    output = p.linear(units, 1)

    def run(g):
        rows = [torch.zeros(width)]
        for node in range(1, len(GRAPHS[g])):
            # One to three words, the first node of each graph, the global one, has none.
            line = [(7 * g + 3 * node + k) % 5 for k in range(1 + node % 3)]
            x = words[line] + places[: len(line)]
            for layer in blocks:
                x = layer(x)
            rows.append(x.mean(0))
        x = torch.stack(rows)
        for layer in convolutions:
            x = layer(x, neighbours(g))
        return output(x[0])

    return run


if __name__ == "__main__":
    report("multi-predict", multi_predict)
    report("nasflat", nasflat, by_device)
    help_episode(True)
    help_episode(False)
    discrepancy()
    report("cobra", cobra)
