"""PyTorch's side of the tape's benchmark: the same models. Reads one line for each requested measurement and answers with
one JSON line: samples per second of a training step, eager and compiled."""

import argparse
import json
import random
import sys
import time

import torch
from torch import nn

from gcn_torch import GCN, encode

WIDTH, HEADS, INPUTS = 128, 4, 64


class Layer(nn.Module):
    """x + attention(norm(x)), then x + W2 gelu(W1 norm(x))."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.packed, self.output = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        batch, nodes, _ = x.shape
        q, k, v = self.packed(self.norm1(x)).view(batch, nodes, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        attention = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.output(attention.transpose(1, 2).reshape(batch, nodes, WIDTH))
        return x + self.down(nn.functional.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.output = nn.Linear(6, WIDTH), nn.Linear(WIDTH, 1)
        self.layers, self.norm = nn.ModuleList(Layer() for _ in range(3)), nn.LayerNorm(WIDTH)

    def forward(self, features):
        x = self.embedding(features)
        for layer in self.layers:
            x = layer(x)
        return self.output(self.norm(x[:, 0])).squeeze(-1)


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [INPUTS, 512, 512, 512]
        hidden = [m for i, o in zip(widths, widths[1:]) for m in (nn.Linear(i, o), nn.ReLU())]
        self.layers = nn.Sequential(*hidden, nn.Linear(512, 1))

    def forward(self, x):
        return self.layers(x).squeeze(-1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=["gcn", "transformer", "perceptron"], required=True)
    for name, preset in dict(batch=16, steps=100, threads=1, samples=1024).items():
        parser.add_argument(f"--{name}", type=int, default=preset)
    parser.add_argument("--eager", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    if arguments.model == "perceptron":
        data = [torch.rand(arguments.samples, INPUTS) * 2 - 1]
    else:
        cells = random.Random(0).sample(range(5**6), arguments.samples)
        adjacency, features = (torch.stack(tensors) for tensors in zip(*map(encode, cells)))
        data = [adjacency, features] if arguments.model == "gcn" else [features]
    targets = torch.rand(arguments.samples)

    def trainer(compiled):
        model = {"gcn": lambda: GCN(600, 4, 0), "transformer": Transformer, "perceptron": Perceptron}[arguments.model]()
        optimizer = torch.optim.AdamW(model.parameters(), lr=4e-4, weight_decay=5e-4, fused=True)
        run = torch.compile(model) if compiled else model

        def batches():
            while True:
                yield from torch.randperm(arguments.samples).split(arguments.batch)

        stream = batches()

        def step():
            batch = next(stream)
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.l1_loss(run(*(part[batch] for part in data)), targets[batch])
            loss.backward()
            optimizer.step()

        for _ in range(10):
            step()
        return step

    def rate(step):
        stretch = max(arguments.steps // 10, 1)
        rates = []
        for _ in range(10):
            start = time.perf_counter()
            for _ in range(stretch):
                step()
            rates.append(stretch * arguments.batch / (time.perf_counter() - start))
        return sorted(rates)[5]

    steps = {"eager": trainer(False)}
    if not arguments.eager:
        steps["compiled"] = trainer(True)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps({name: rate(step) for name, step in steps.items()}), flush=True)


if __name__ == "__main__":
    main()
