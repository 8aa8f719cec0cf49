"""The models of Benchmarks/Families in PyTorch, eager and compiled.

usage: families_torch.py --family nnlqp|gates|nar-former|help --threads N [--eager]

Prints "ready" when all is compiled, and for each line that it reads the rates as one JSON line. Cells have eight nodes,
so that graphs of a batch are dense tensors, batch x 8 x features, without padding: the quickest form for PyTorch. HELP
is eager only: compiled models have no second derivatives."""

import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

NODES, FEATURES = 8, 9
EDGES = [(0, 1), (0, 2), (0, 4), (1, 3), (1, 5), (2, 6), (3, 6), (4, 7), (5, 7), (6, 7)]


def predecessors():
    matrix = torch.zeros(NODES, NODES)
    for source, target in EDGES:
        matrix[target, source] = 1
    return matrix


class NNLQP(nn.Module):
    batch = 16

    def __init__(self, units=128, totals=3):
        super().__init__()
        matrix = predecessors()
        self.register_buffer("means", matrix / matrix.sum(1, keepdim=True).clamp(min=1))
        widths = [FEATURES, units]
        self.neighbours = nn.ModuleList(nn.Linear(w, units) for w in widths)
        self.own = nn.ModuleList(nn.Linear(w, units, bias=False) for w in widths)
        self.head = nn.Sequential(
            nn.Linear(units + totals, units), nn.ReLU(), nn.Dropout(0.05), nn.Linear(units, units), nn.ReLU(),
            nn.Dropout(0.05), nn.Linear(units, 1))
        self.totals = totals

    def forward(self, x):
        totals = x[:, 0, : self.totals]
        for neighbours, own in zip(self.neighbours, self.own):
            x = torch.relu(F.normalize(neighbours(self.means @ x) + own(x), dim=2))
        return self.head(torch.cat([x.sum(1), totals], 1))

    def loss(self, x, target):
        return F.huber_loss(self(x), target)


class GATES(nn.Module):
    batch = 64

    def __init__(self, layers=5, units=64, embedding=48):
        super().__init__()
        self.register_buffer("matrix", predecessors())
        self.register_buffer("source", (predecessors().sum(1) == 0).float()[:, None])
        self.embedding, self.first = nn.Linear(FEATURES, embedding), nn.Linear(embedding, units)
        self.start = nn.Parameter(torch.rand(embedding))
        self.gates = nn.ModuleList(nn.Linear(embedding, units) for _ in range(layers))
        self.information = nn.ModuleList(nn.Linear(units, units) for _ in range(layers))
        self.head = nn.Sequential(nn.Linear(units, 2 * units), nn.ReLU(), nn.Linear(2 * units, 1))

    def forward(self, x):
        operation = self.embedding(x)
        x = self.first(self.source * self.start).expand(len(x), -1, -1)
        for index, (gate, information) in enumerate(zip(self.gates, self.information)):
            flow = information(x)
            x = self.matrix @ (torch.sigmoid(gate(operation)) * flow) + self.source * flow
            if index < len(self.gates) - 1:
                x = torch.relu(x)
        return self.head(x[:, -1])

    def loss(self, x, target):
        outputs = self(x)
        sign = torch.sign(target - target.T)
        pairs = sign.abs()
        return (torch.relu(0.1 - sign * (outputs - outputs.T)) * pairs).sum() / pairs.sum()


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.packed, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = (t.reshape(batch, tokens, self.heads, -1).transpose(1, 2) for t in self.packed(self.norm1(x)).chunk(3, 2))
        x = x + self.output(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(torch.relu(self.up(self.norm2(x))))


class Pooling(nn.Module):
    def __init__(self, width, queries):
        super().__init__()
        self.keys, self.values = nn.Linear(width, width), nn.Linear(width, width)
        self.queries = nn.Parameter(torch.rand(queries, width))

    def forward(self, x):
        shares = torch.softmax(self.keys(x) @ self.queries.T / x.shape[2] ** 0.5, 1)
        return shares.transpose(1, 2) @ self.values(x)


class NARFormer(nn.Module):
    batch = 16
    tokens, features = NODES + 1, 97

    def __init__(self, width=64, heads=4, blocks=3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(self.features, width), *(Block(width, heads) for _ in range(blocks)),
            *(Pooling(width, queries) for queries in (4, 2, 1)))
        self.head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x):
        return self.head(self.layers(x)[:, 0])

    def loss(self, x, target):
        # The batch is followed by the same networks in another order.
        both = self(torch.cat([x, x.flip(1)]))
        outputs, other = both.chunk(2)
        differences = (outputs - outputs.roll(-1, 0)) - (target - target.roll(-1, 0))
        return F.huber_loss(outputs, target) + 0.1 * differences.abs().mean() + 0.5 * F.mse_loss(outputs, other)


class Rates:
    """Training and predicting with one model, eager or compiled; the first epochs warm up."""

    def __init__(self, model, compiled):
        self.model = model
        shape = (getattr(model, "tokens", NODES), getattr(model, "features", FEATURES))
        # Only whole batches are used, since a smaller last one would be compiled separately.
        self.count = 900 // model.batch * model.batch
        self.x, self.target, self.many = torch.randn(900, *shape), torch.randn(900, 1), torch.randn(15 * 1024, *shape)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
        self.loss = torch.compile(model.loss, dynamic=False) if compiled else model.loss
        self.predict = torch.compile(model, dynamic=False) if compiled else model
        model.train()
        for _ in range(2):
            self.epoch()
        self.all()

    def epoch(self):
        for part in torch.randperm(900)[: self.count].split(self.model.batch):
            self.optimizer.zero_grad()
            self.loss(self.x[part], self.target[part]).backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 5)
            self.optimizer.step()

    def all(self):
        self.model.eval()
        with torch.inference_mode():
            for part in self.many.split(1024):
                self.predict(part)
        self.model.train()

    def measure(self):
        epochs = []
        for _ in range(5):
            start = time.perf_counter()
            self.epoch()
            epochs.append(time.perf_counter() - start)
        start = time.perf_counter()
        self.all()
        return {"training": self.count / sorted(epochs)[2], "predicting": len(self.many) / (time.perf_counter() - start)}


def help_rates(references=10, units=100, steps=2, devices=4, queries=64):
    """HELP with second derivatives. Each cell has nine rows, of which the last is the global node's."""
    matrix = torch.eye(NODES + 1)
    matrix[:NODES, :NODES] += predecessors().T
    matrix[NODES, :NODES] = 1
    features = FEATURES + 1

    def tensor(*shape):
        return ((torch.rand(*shape) * 2 - 1) / shape[0] ** 0.5).requires_grad_()

    widths = [features] + [units] * 4
    base = [t for a, b in zip(widths, widths[1:]) for t in (tensor(a, b), torch.zeros(b, requires_grad=True))]
    base += [t for a in (references, units) for t in (tensor(a, units), torch.zeros(units, requires_grad=True))]
    for outputs in (2 * units, 2 * units, 1):
        base += [tensor(2 * units, outputs), torch.zeros(outputs, requires_grad=True)]
    learnt = [torch.full_like(t, 1e-3, requires_grad=True) for t in base]
    noise = 3 * (2 * units + 1)
    modulator = [tensor(references, references), torch.zeros(references, requires_grad=True),
                 tensor(references, 2 * noise), torch.zeros(2 * noise, requires_grad=True)]

    def forward(w, x, device):
        for layer in range(4):
            x = torch.relu(matrix @ (x @ w[2 * layer]) + w[2 * layer + 1])
        d = device
        for layer in (4, 5):
            d = torch.relu(d @ w[2 * layer] + w[2 * layer + 1])
        x = torch.cat([x[:, -1], d.expand(len(x), -1)], 1)
        x = torch.relu(torch.addmm(w[13], x, w[12]))
        x = torch.relu(torch.addmm(w[15], x, w[14]))
        return torch.addmm(w[17], x, w[16])

    parameters = base + learnt + modulator
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0, fused=True)
    graphs = torch.randn(900, NODES + 1, features)
    table = torch.randn(9, 900, 1)

    def episode():
        optimizer.zero_grad()
        total = 0
        for device in torch.randperm(9)[:devices]:
            order = torch.randperm(900)
            support, query = order[: 3 * references // 2], order[20 : 20 + queries]
            embedding = torch.randn(1, references)
            z = torch.relu(embedding @ modulator[0] + modulator[1]) @ modulator[2] + modulator[3]
            mean, deviation = z[0, :noise], F.softplus(z[0, noise:]) + 1e-6
            drawn = mean + deviation * torch.randn(noise)
            w = list(base)
            for layer in range(3):
                part = drawn[layer * (2 * units + 1) : (layer + 1) * (2 * units + 1)]
                w[12 + 2 * layer] = w[12 + 2 * layer] * (1 + 0.01 * part[:-1, None])
                w[13 + 2 * layer] = w[13 + 2 * layer] + 0.01 * part[-1]
            for _ in range(steps):
                loss = F.mse_loss(forward(w, graphs[support], embedding), table[device][support])
                gradients = torch.autograd.grad(loss, w, create_graph=True)
                w = [a - rate * g for a, rate, g in zip(w, learnt, gradients)]
            divergence = ((deviation**2 + mean**2 - 1) / 2 - deviation.log()).mean()
            total = total + F.mse_loss(forward(w, graphs[query], embedding), table[device][query]) + 0.1 * divergence
        (total / devices).backward()
        nn.utils.clip_grad_norm_(parameters, 5)
        optimizer.step()

    for _ in range(5):
        episode()
    start = time.perf_counter()
    for _ in range(40):
        episode()
    training = 40 / (time.perf_counter() - start)
    many, embedding = torch.randn(15284, NODES + 1, features), torch.randn(1, references)
    with torch.inference_mode():
        forward(base, many[:1024], embedding)
        start = time.perf_counter()
        for part in many.split(1024):
            forward(base, part, embedding)
        return training, len(many) / (time.perf_counter() - start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--family", default="nnlqp")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--eager", action="store_true", help="leave torch.compile out")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    models = {"nnlqp": NNLQP, "gates": GATES, "nar-former": NARFormer}
    if options.family == "help":
        kinds = {"eager": lambda: dict(zip(("training", "predicting"), help_rates()))}
    else:
        kinds = {"eager": Rates(models[options.family](), False).measure}
        if not options.eager:
            kinds["compiled"] = Rates(models[options.family](), True).measure
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps({name: measure() for name, measure in kinds.items()}), flush=True)
