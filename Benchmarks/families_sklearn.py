"""Forest and boosted trees of scikit-learn on a table that Benchmarks/Families writes.

usage: families_sklearn.py --family forest|boosted --table FILE --threads N

A row of the table is the six operations of a cell and its latency; the first 900 are learned from, the others tested
on. Prints rates and the mean absolute percentage error as one JSON line. Columns are which operation stands at which
edge, one-hot, and how often each comes: what Labbook's trees read too. Labbook makes them of graphs within the times
that are measured; here they are made before."""

import argparse
import json
import os
import time

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--family", default="forest")
    parser.add_argument("--table", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import numpy
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

    table = numpy.loadtxt(options.table, delimiter=",")
    operations, latencies = table[:, :6].astype(int), table[:, 6]
    ones = numpy.eye(5)[operations]
    rows = numpy.concatenate([ones.reshape(len(ones), -1), ones.sum(1)], 1)
    if options.family == "forest":
        make = lambda: RandomForestRegressor(100, max_features=0.5, n_jobs=options.threads, random_state=1)
    else:
        make = lambda: HistGradientBoostingRegressor(
            max_iter=400, learning_rate=0.05, max_depth=6, max_leaf_nodes=None, min_samples_leaf=5,
            l2_regularization=1, max_features=0.5, early_stopping=False, random_state=1)
    target = numpy.log(latencies[:900])
    make().fit(rows[:900], target)
    start = time.perf_counter()
    model = make().fit(rows[:900], target)
    training = time.perf_counter() - start
    model.predict(rows[900:1900])
    start = time.perf_counter()
    predicted = numpy.exp(model.predict(rows[900:]))
    predicting = time.perf_counter() - start
    error = float(numpy.mean(numpy.abs(predicted - latencies[900:]) / latencies[900:]))
    print(json.dumps({"training": 900 / training, "predicting": len(predicted) / predicting, "error": error}))
