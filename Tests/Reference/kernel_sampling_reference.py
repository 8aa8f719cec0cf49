"""Which kernels LitePred's sampler and nn-Meter's adaptive sampling draw: the numbers that KernelSamplingReferenceTests
quotes.

    /tmp/torch/bin/python Tests/Reference/kernel_sampling_reference.py

The autoencoder's loss and gradients come from PyTorch, with the parameters of graph_networks_reference.py. The sampler
is trained and sampled in double precision; sizes are whole numbers, and the script checks that none is so close to a
half, and no kernel so close to being another's nearest, that single precision would change them."""
import math

import torch
from torch.distributions import Normal, kl_divergence

from graph_networks_reference import Parameters, show
from seeded_generator import SeededGenerator, rounded

LATENT = 2


def objective(x, noise, parameters, divergence):
    """The mean over the rows of |decoder(z) - x|^2 + divergence * KL(N(mean, deviation) || N(0, 1))."""
    up, up_bias, code, code_bias, down, down_bias, output, output_bias = parameters
    mean, spread = (torch.relu(x @ up + up_bias) @ code + code_bias).split(LATENT, 1)
    drawn = Normal(mean, torch.exp(spread / 2))
    z = drawn.loc + drawn.scale * noise
    decoded = torch.relu(z @ down + down_bias) @ output + output_bias
    return ((decoded - x).square().sum(1) + divergence * kl_divergence(drawn, Normal(0, 1)).sum(1)).mean()


def shapes(inputs, units):
    widths = [(inputs, units), (units, 2 * LATENT), (LATENT, units), (units, inputs)]
    return [shape for before, after in widths for shape in ((before, after), (after,))]


def autoencoder():
    p = Parameters()
    parameters = [p.take(*shape) for shape in shapes(4, 5)]
    x = torch.tensor([[math.sin(1 + 0.8 * row + 1.9 * column) for column in range(4)] for row in range(3)])
    noise = torch.tensor([[math.cos(2 + 1.1 * row + 0.6 * column) for column in range(LATENT)] for row in range(3)])
    loss = objective(x, noise, parameters, 0.3)
    loss.backward()
    gradients = torch.cat([t.grad.reshape(-1) for t in parameters])
    print(f"# autoencoder: {gradients.numel()} parameters")
    print("loss", f"{loss.item():.6g}", "norm", f"{gradients.norm().item():.6g}",
          "sum", f"{(gradients * torch.sin(torch.arange(gradients.numel()) / 2)).sum().item():.6g}")


def known():
    """Height, input channels, output channels, window, stride, and whether an activation is fused."""
    return [([28, 14, 7][i % 3], 8 + 5 * i, 12 + 7 * i, 3 if i % 2 else 5, 1, i % 4 != 0) for i in range(12)]


def trained(rows, units, steps, divergence, seed):
    random = SeededGenerator(seed)
    initial = SeededGenerator(random.next())
    parameters = []
    for shape in shapes(len(rows[0]), units):
        count = math.prod(shape)
        bound = 1 / math.sqrt(shape[0])
        values = [bound * (2 * initial.uniform() - 1) for _ in range(count)] if len(shape) == 2 else [0.0] * count
        parameters.append(torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_())
    means, squares = [torch.zeros_like(t) for t in parameters], [torch.zeros_like(t) for t in parameters]
    batch = min(64, len(rows))
    for step in range(steps):
        x = torch.tensor([rows[random.below(len(rows))] for _ in range(batch)], dtype=torch.float64)
        noise = torch.tensor([random.normal() for _ in range(batch * LATENT)], dtype=torch.float64).reshape(-1, LATENT)
        gradients = torch.autograd.grad(objective(x, noise, parameters, divergence), parameters)
        norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
        rate = 2e-3 * (1 - 0.9 * step / steps)
        # Adam (Kingma and Ba, 2015), with gradients of a norm of at most 5.
        for t, g, m, v in zip(parameters, gradients, means, squares):
            g = g * min(1, 5 / norm)
            m.mul_(0.9).add_(0.1 * g)
            v.mul_(0.999).add_(0.001 * g * g)
            change = m / (1 - 0.9 ** (step + 1)) / ((v / (1 - 0.999 ** (step + 1))).sqrt() + 1e-8)
            t.data -= rate * change
    return parameters


def nearest(values, to, distance):
    """The index of the nearest value, which must be clearly nearer than all that differ from it."""
    order = sorted(range(len(values)), key=lambda i: (distance(values[i], to), i))
    best = values[order[0]]
    assert all(v == best or distance(v, to) > distance(best, to) + 1e-3 for v in values)
    return order[0]


def sampler(count, units=6, steps=300, divergence=0.1, seed=6):
    kernels = known()
    logarithms = [[math.log(size) for size in kernel[:5]] for kernel in kernels]
    columns = [c for c in range(5) if len({row[c] for row in logarithms}) > 1]
    means = {c: sum(row[c] for row in logarithms) / len(logarithms) for c in columns}
    deviations = {c: math.sqrt(sum((row[c] - means[c]) ** 2 for row in logarithms) / len(logarithms)) for c in columns}
    rows = [[(row[c] - means[c]) / deviations[c] for c in columns] for row in logarithms]
    *_, down, down_bias, output, output_bias = trained(rows, units, steps, divergence, seed)
    random = SeededGenerator(seed + 1)
    noise = torch.tensor([random.normal() for _ in range(256 * LATENT)], dtype=torch.float64).reshape(-1, LATENT)
    decoded = (torch.relu(noise @ down + down_bias) @ output + output_bias).tolist()
    drawn = []
    for scaled in decoded:
        sizes = list(logarithms[0])
        for c, value in zip(columns, scaled):
            sizes[c] = means[c] + deviations[c] * value
        host = kernels[nearest(logarithms, sizes, lambda a, b: sum((x - y) ** 2 for x, y in zip(a, b)))]
        kernel = []
        for c, size in enumerate(sizes):
            if c in (1, 2):
                channels = math.exp(size)
                assert abs(channels % 1 - 0.5) > 1e-3
                kernel.append(max(rounded(channels), 1))
            else:
                column = [row[c] for row in logarithms]
                kernel.append(kernels[nearest(column, size, lambda a, b: abs(a - b))][c])
        kernel = tuple(kernel) + (host[5],)
        if kernel not in kernels + drawn:
            drawn.append(kernel)
        if len(drawn) == count:
            break
    print(f"# sampler: {count} kernels")
    for kernel in drawn:
        print(list(kernel[:4]) + [2 if kernel[5] else 1], end=", ")
    print()


def near(channels, random):
    return max(rounded(channels * (0.5 + 0.7 * random.uniform())), 1)


def adaptive(seed=20, number=4):
    kernels = [(2 + 3 * i, 3 + 5 * i) for i in range(20)]
    random = SeededGenerator(seed)
    order = random.shuffled(kernels)
    test, judges = order[:4], order[4:8]
    # Of the test part one kernel takes twice as long as the others, and of the judges two. All other kernels take
    # equally long, so only those three are predicted wrongly.
    slow = [test[2], judges[1], judges[3]]
    seen = set(kernels)
    print("# adaptive sampling")
    print("test", test, "judges", judges, "slow", slow)
    sizes = [12]
    for _ in range(2):
        drawn = []
        for judge in judges:
            for _ in range(number if judge in slow else 0):
                kernel = (near(judge[0], random), near(judge[1], random))
                if kernel not in seen:
                    drawn.append(kernel)
                    seen.add(kernel)
        sizes.append(sizes[-1] + len(drawn))
        print("round", [list(kernel) for kernel in drawn])
    print("sizes", sizes, "shares", [3 / 4] * 3)
    random = SeededGenerator(5)
    print("depthwise", [near(32, random) for _ in range(4)])


if __name__ == "__main__":
    autoencoder()
    sampler(16)
    adaptive()
