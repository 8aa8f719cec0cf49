"""Draws the charts of ChartsBenchmark with matplotlib (Agg) as PNG at double scale and compares the times.

    ChartsBenchmark DATA RESULTS
    python charts_matplotlib.py DATA RESULTS

Milliseconds are medians of 11 rounds after one warm-up round; importing isn't counted. The script needs matplotlib.
"""

import io
import json
import statistics
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib.colors import LogNorm  # noqa: E402

ROUNDS = 11


def figure(width, height, rows=1):
    return plt.subplots(rows, 1, sharex=rows > 1, figsize=(width / 96, height / 96), dpi=192)


def averaged(values, weight=0.76):
    def one_way(values):
        mean, remaining, result = 0.0, 1.0, []
        for value in values:
            mean = weight * mean + (1 - weight) * value
            remaining *= weight
            result.append(mean / (1 - remaining))
        return np.array(result)

    logs = np.log10(values)
    return 10 ** ((one_way(logs) + one_way(logs[::-1])[::-1]) / 2)


def loss_curves(data):
    fig, ax = figure(640, 380)
    epochs = np.arange(1, len(data["training"]) + 1)
    for name, color, style in [("training", "C0", "-"), ("validation", "C2", "--")]:
        ax.plot(epochs, data[name], color=color, alpha=0.3, linewidth=1)
        ax.plot(epochs, averaged(data[name]), color=color, linestyle=style, label=name)
    ax.axvline(290, color="grey", linestyle=":")
    ax.set(yscale="log", xlabel="epoch", ylabel="loss", title="Loss by epoch")
    ax.grid(axis="y")
    ax.legend()
    return fig


def predicted(data, measured="measured", predictions=None, many=False):
    fig, ax = figure(442, 535)
    x, y = np.array(data[measured]), np.array(predictions)
    ends = np.array([0.0, 2 * max(x.max(), y.max())])
    ax.fill_between(ends, 0.9 * ends, 1.1 * ends, color="grey", alpha=0.14, label="±10%")
    if many:
        shown = ax.hist2d(x, y, bins=96, norm=LogNorm(), cmin=1)
        fig.colorbar(shown[3], ax=ax, location="top")
    else:
        ax.scatter(x, y, s=12, alpha=0.55, linewidths=0)
    ax.plot(ends, ends, color="grey", linewidth=1)
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    ax.set(xlim=(low, high), ylim=(low, high), xlabel="measured (ms)", ylabel="predicted (ms)", aspect="equal")
    ax.set_title("Predicted against measured")
    ax.grid()
    ax.legend()
    return fig


def errors(data):
    measured = np.array(data["measured"])
    return [(np.array(predictions) - measured) / measured for predictions in data["predicted"]]


def histograms(data):
    fig, axes = figure(640, 620, rows=3)
    for ax, values, name in zip(axes, errors(data), data["names"]):
        ax.hist(values, bins="fd", alpha=0.85)
        for place in (-0.1, 0.1):
            ax.axvline(place, color="grey", linestyle="--", linewidth=1)
        ax.axvline(np.median(values), color="black", linewidth=1.25)
        ax.text(np.median(values), ax.get_ylim()[1], f"median {np.median(values):.1%}")
        ax.set(title=name, ylabel="samples")
        ax.grid(axis="y")
    axes[-1].set_xlabel("relative error")
    return fig


def cumulative(data):
    fig, ax = figure(640, 380)
    for values, name in zip(errors(data), data["names"]):
        values = np.sort(np.abs(values))
        shares = np.arange(1, len(values) + 1) / len(values)
        ax.step(values, shares, label=name)
        for bound in (0.05, 0.1):
            share = np.mean(values <= bound)
            ax.plot(bound, share, "o", markersize=5)
            ax.text(bound, share, f"{share:.0%}")
    for bound in (0.05, 0.1):
        ax.axvline(bound, color="grey", linestyle="--", linewidth=1)
    ax.set(xlabel="absolute relative error", ylabel="share of samples", title="Share of samples within an error")
    ax.grid(axis="y")
    ax.legend()
    return fig


def violins(data):
    fig, ax = figure(640, 246)
    ax.violinplot(data["groups"], orientation="horizontal", showmedians=True, quantiles=[[0.25, 0.75]] * 3)
    ax.set_yticks([1, 2, 3], data["names"])
    ax.set(xlabel="latency (ms)", title="Latency")
    ax.grid(axis="x")
    return fig


def boxes(data):
    fig, ax = figure(640, 246)
    ax.boxplot(data["groups"], orientation="horizontal", tick_labels=data["names"])
    ax.set(xlabel="latency (ms)", title="Latency")
    ax.grid(axis="x")
    return fig


def heat_map(data):
    fig, ax = figure(640, 354)
    cells = np.array(data["cells"])
    shown = ax.imshow(cells, aspect="auto")
    fig.colorbar(shown, ax=ax, location="top", label="error")
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            ax.text(column, row, f"{cells[row, column]:.0f}", ha="center", va="center", color="white")
    ax.set_xticks(range(cells.shape[1]), range(1, cells.shape[1] + 1))
    ax.set_yticks(range(cells.shape[0]), range(1, cells.shape[0] + 1))
    ax.set(xlabel="units", ylabel="layers", title="Error")
    return fig


def bars(data):
    fig, ax = figure(640, 180)
    shown = ax.barh(data["names"], data["values"])
    ax.bar_label(shown, fmt="{:.1%}")
    ax.set(title="Mean accuracy")
    ax.invert_yaxis()
    ax.grid(axis="x")
    return fig


CHARTS = {
    "loss curves": loss_curves,
    "predicted, 600": lambda data: predicted(data, predictions=data["predicted"][0]),
    "predicted, 15,625": lambda data: predicted(data, "manyMeasured", data["manyPredicted"], many=True),
    "histograms": histograms,
    "cumulative errors": cumulative,
    "violins": violins,
    "boxes": boxes,
    "heat map": heat_map,
    "bars": bars,
}


def main():
    with open(sys.argv[1]) as file:
        data = json.load(file)
    with open(sys.argv[2]) as file:
        labbook = json.load(file)
    print(f"matplotlib {matplotlib.__version__}, Agg; milliseconds a chart (KB), PNG at double scale")
    print(f"{'chart':20} {'Labbook':>16} {'matplotlib':>18} {'times faster':>13}")
    factors = []
    for name, draw in CHARTS.items():
        times = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            picture = io.BytesIO()
            fig = draw(data)
            fig.savefig(picture, format="png")
            plt.close(fig)
            times.append(1000 * (time.perf_counter() - start))
        milliseconds = statistics.median(times[1:])
        ours = labbook[name]
        factors.append(milliseconds / ours["milliseconds"])
        print(
            f"{name:20} {ours['milliseconds']:8.1f} ({ours['bytes'] // 1024:3} KB)"
            f" {milliseconds:10.1f} ({len(picture.getvalue()) // 1024:3} KB) {factors[-1]:13.1f}"
        )
    print(f"{'geometric mean':20} {'':16} {'':18} {statistics.geometric_mean(factors):13.1f}")


main()
