"""PyTorch's results for a small GCN: the numbers that GCNReferenceTests.swift quotes.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python Tests/Reference/gcn_reference.py

All inputs come from formulas, so the test can compute them, too: three graphs of 4, 3 and 6 nodes with 3 features, where
node 0 is the global node, and the flat vector of weights in the order of `GCN.tensors`.
"""
import math

import torch
import torch.nn.functional as F

# For each graph and node, the nodes that it sums, which include itself.
GRAPHS = [
    [[0, 1, 2, 3], [1, 2], [2, 3], [3]],
    [[0, 1, 2], [1, 2], [2]],
    [[0, 1, 2, 3, 4, 5], [1, 2, 3], [2, 4], [3, 4], [4, 5], [5]],
]
FEATURES, UNITS, LAYERS = 3, 11, 3
TARGETS = [0.25, 1.0, 0.5]
# PyTorch's losses, by Labbook's names.
LOSSES = {
    "absolute": F.l1_loss,
    "squared": F.mse_loss,
    "huber": lambda p, t: F.huber_loss(p, t, delta=0.5),
    "relative": lambda p, t: ((p - t).abs() / t).mean(),
}


def feature(graph, node, column):
    return math.sin(1 + 1.3 * graph + 0.7 * node + 2.1 * column)


def weights(layer_norm):
    """Returns the tensors in Labbook's order, filled by formula. Those of layer norm are near 1 and 0, as in practice."""
    shapes = []
    for layer in range(LAYERS):
        shapes += [(FEATURES if layer == 0 else UNITS, UNITS), (UNITS,)]
        shapes += [(UNITS,), (UNITS,)] if layer_norm else []
    shapes += [(UNITS,), (1,)]
    tensors, start = [], 0
    for number, shape in enumerate(shapes):
        count = math.prod(shape)
        values = [0.4 * math.sin(0.9 * (start + k)) for k in range(count)]
        is_scale = layer_norm and number % 4 == 2 and number < 4 * LAYERS
        tensors.append(torch.tensor([v + is_scale for v in values], dtype=torch.float64).reshape(shape).float())
        start += count
    return [t.requires_grad_() for t in tensors]


def outputs(tensors, layer_norm, readout):
    result = []
    for g, neighbours in enumerate(GRAPHS):
        nodes = len(neighbours)
        adjacency = torch.zeros(nodes, nodes)
        for node, summed in enumerate(neighbours):
            adjacency[node, summed] = 1
        h = torch.tensor([[feature(g, n, c) for c in range(FEATURES)] for n in range(nodes)])
        rest = iter(tensors)
        for _ in range(LAYERS):
            h = adjacency @ (h @ next(rest)) + next(rest)
            if layer_norm:
                h = F.layer_norm(h, (UNITS,), next(rest), next(rest))
            h = torch.relu(h)
        vector = {"globalNode": h[0], "mean": h.mean(0), "sum": h.sum(0)}[readout]
        result.append(vector @ next(rest) + next(rest)[0])
    return torch.stack(result)


def flat(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def show(numbers):
    return "[" + ", ".join(f"{n:.6g}" for n in numbers) + "]"


# Every 37th weight or gradient is quoted.
def sample(tensors):
    return flat(tensors)[::37].tolist()


for layer_norm, readout, loss in [
    (True, "globalNode", "absolute"), (True, "mean", "squared"), (False, "globalNode", "huber"), (False, "sum", "relative")
]:
    tensors = weights(layer_norm)
    target = torch.tensor(TARGETS)
    p = outputs(tensors, layer_norm, readout)
    value = LOSSES[loss](p, target)
    value.backward()
    gradients = [t.grad for t in tensors]
    print(f"# layerNorm {layer_norm}, {readout}, {loss}")
    print("outputs", show(p.tolist()), "loss", f"{value.item():.6g}", "gradient norm", f"{flat(gradients).norm().item():.6g}")
    print("gradients", show(sample(gradients)))
    for name, make in {
        "adamW": lambda w: torch.optim.AdamW(w, lr=0.001, weight_decay=0.05),
        "sgd": lambda w: torch.optim.SGD(w, lr=0.001, momentum=0.9, weight_decay=0.05),
    }.items():
        tensors = weights(layer_norm)
        optimizer = make(tensors)
        losses = []
        for _ in range(4):
            optimizer.zero_grad()
            value = LOSSES[loss](outputs(tensors, layer_norm, readout), target)
            value.backward()
            losses.append(value.item())
            optimizer.step()
        print(name, "losses", show(losses), "weights", show(sample([t.detach() for t in tensors])))
