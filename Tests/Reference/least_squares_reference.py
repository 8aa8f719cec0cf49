"""Expected numbers of OrdinaryLeastSquaresTests: ordinary least squares of a small table, and of FOX-NAS's samples.

usage: python3 Tests/Reference/least_squares_reference.py [model_data_CPU_256.csv]    (needs numpy)"""

import csv
import sys

import numpy as np


def fit(columns, targets):
    """Coefficients (the intercept first), t-values and R^2."""
    design = np.column_stack([np.ones(len(targets)), columns])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ targets
    residuals = targets - design @ coefficients
    variance = residuals @ residuals / (len(targets) - design.shape[1])
    determination = 1 - residuals @ residuals / ((targets - targets.mean()) ** 2).sum()
    return coefficients, coefficients / np.sqrt(variance * np.diag(inverse)), determination


rows = np.array([[i % 5, (i * i) % 7] for i in range(20)], dtype=float)
targets = 3 + 2 * rows[:, 0] - rows[:, 1] + np.array([(i * 13 % 9 - 4) / 10 for i in range(20)])
for name, value in zip(["coefficients", "t", "R^2"], fit(rows, targets)):
    print(name, np.round(value, 9).tolist())
if len(sys.argv) > 1:
    table = list(csv.DictReader(open(sys.argv[1])))
    stages = [24, 40, 80, 112, 160]
    steps = ["16_24", "24_40", "40_80", "80_112", "112_160"]
    names = [f"tot_{s}" for s in stages] + [f"avg_e_{s}" for s in stages] + [f"avg_k_{s}" for s in stages]
    names += [f"tot_e_{s}" for s in steps] + [f"tot_k_{s}" for s in steps]
    columns = [[float(row[name]) for row in table] for name in names]
    for kind in "ek":
        for stage in stages:
            columns.append([float(row[f"avg_{kind}_{stage}"]) * float(row[f"tot_{stage}"]) for row in table])
            names.append(f"avg_{kind}_{stage} x tot_{stage}")
    coefficients, t, determination = fit(np.array(columns).T, np.array([float(row["latency"]) for row in table]))
    print(len(names), "terms, R^2", round(float(determination), 9))
    for name, b, value in zip(["intercept"] + names, coefficients, t):
        print(f"{name:24} {b:12.6f} {value:9.4f}")
