"""Gradient boosting written plainly: the numbers that BoostedTreesReferenceTests.swift quotes.

    python3 Tests/Reference/boosted_trees_reference.py

A network is described by its numbers of additions and of activations. Each tree is grown on what the trees before it
leave of the logarithms. A split is found by trying all of them: the one with the least

    sum over both sides of (sum of (rest - value)^2 + penalty * value^2)

where the value of a side is the best one, and none if no split improves on the undivided samples. Thresholds are
halfway between neighbouring numbers of the training part."""
import math

NETWORKS = [((7 * i) % 5, 1 + (5 * i) % 9) for i in range(24)]
TRAINING, VALIDATION = range(0, 14), range(14, 19)


def latency(i):
    additions, activations = NETWORKS[i]
    slow = 4 if activations > 4 else 1
    return (slow + 0.5 * additions * activations) * (1 + 0.3 * math.sin(3 * i))


def value(rest, samples, penalty):
    return sum(rest[i] for i in samples) / (len(samples) + penalty)


def cost(rest, samples, penalty):
    v = value(rest, samples, penalty)
    return sum((rest[i] - v) ** 2 for i in samples) + penalty * v * v


def thresholds(column):
    known = sorted({NETWORKS[i][column] for i in TRAINING})
    return [(a + b) / 2 for a, b in zip(known, known[1:])]


def grow(rest, samples, depth, least, penalty):
    """A leaf is a number, and a node its column, threshold and both sides."""
    choices = []
    for column in (0, 1):
        for threshold in thresholds(column):
            left = [i for i in samples if NETWORKS[i][column] <= threshold]
            right = [i for i in samples if NETWORKS[i][column] > threshold]
            if min(len(left), len(right)) >= least:
                choices.append((cost(rest, left, penalty) + cost(rest, right, penalty), column, threshold, left, right))
    undivided = cost(rest, samples, penalty)
    best = min(choices, default=None)
    if depth == 0 or best is None:
        return value(rest, samples, penalty)
    # No other division is equally good, and none as good as no division, so that rounding doesn't decide. Of the
    # thresholds of one column that divide the samples equally, the least counts.
    assert all((c[1], c[3]) == (best[1], best[3]) or c[0] > best[0] + 1e-6 for c in choices)
    assert abs(best[0] - undivided) > 1e-6
    if best[0] > undivided:
        return value(rest, samples, penalty)
    _, column, threshold, left, right = best
    return column, threshold, grow(rest, left, depth - 1, least, penalty), grow(rest, right, depth - 1, least, penalty)


def predicted(tree, network):
    while isinstance(tree, tuple):
        tree = tree[2] if network[tree[0]] <= tree[1] else tree[3]
    return tree


def leaves(tree):
    return leaves(tree[2]) + leaves(tree[3]) if isinstance(tree, tuple) else 1


def boost(name, trees, rate, depth, least, penalty, validates):
    logarithms = [math.log(latency(i)) for i in range(len(NETWORKS))]
    mean = sum(logarithms[i] for i in TRAINING) / len(TRAINING)
    sums = [0.0] * len(NETWORKS)
    history, losses = [], []
    grown = []
    for _ in range(trees):
        rest = [logarithm - mean - s for logarithm, s in zip(logarithms, sums)]
        tree = grow(rest, list(TRAINING), depth, least, penalty)
        grown.append(leaves(tree))
        sums = [s + rate * predicted(tree, network) for s, network in zip(sums, NETWORKS)]
        history.append(sums)
        losses.append(sum((logarithms[i] - mean - sums[i]) ** 2 for i in VALIDATION))
    kept = losses.index(min(losses)) + 1 if validates else trees
    assert not validates or sorted(losses)[1] > min(losses) * (1 + 1e-5)
    print(f"# {name}: {kept} trees are kept, with", grown[:kept], "leaves")
    print("[" + ", ".join(f"{math.exp(mean + s):.6f}" for s in history[kept - 1]) + "]")


if __name__ == "__main__":
    boost("without penalty", trees=8, rate=0.5, depth=2, least=1, penalty=0, validates=False)
    boost("with penalty", trees=8, rate=0.5, depth=3, least=2, penalty=1, validates=False)
    boost("with validation", trees=40, rate=0.3, depth=3, least=2, penalty=0.5, validates=True)
