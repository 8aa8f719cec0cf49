"""Spearman's rho and Kendall's tau-b by scipy: the numbers in Tests/CoreTests/RankCorrelationTests.swift, and the
figures of an evaluation in EvaluationTests.swift.

run: python3 rank_correlation.py    (scipy 1.17.1, numpy 2.4.6)"""
import numpy
from scipy.stats import kendalltau, spearmanr

series = {
    "agree": ([1, 2, 3, 4, 5], [10, 20, 30, 40, 50]),
    "reversed": ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]),
    "one exchange": ([1, 2, 3, 4, 5], [1, 2, 4, 3, 5]),
    "ties left": ([1, 1, 2, 2, 3, 3], [1, 2, 3, 4, 5, 6]),
    "ties both": ([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]),
    "ties in the same places": ([1, 1, 2, 3, 3, 3, 4], [2, 2, 2, 5, 5, 4, 4]),
    "1,000 distinct": ([i * 7919 % 1009 for i in range(1000)], [i * i % 1013 + i / 7 for i in range(1000)]),
    "1,000 of 17 and 23 values": ([i * i % 17 for i in range(1000)], [(i * i % 17) * 3 % 23 + i % 5 for i in range(1000)]),
}
for name, (x, y) in series.items():
    print(f'("{name}", {float(spearmanr(x, y).statistic)!r}, {float(kendalltau(x, y).statistic)!r}),')

i = numpy.arange(1, 41)
y = 1 + (i * 37 % 41) / 8
p = y * (1 + ((i * 17 % 23) - 11) / 80)
gap, relative = abs(p - y), abs(p - y) / y
print("mean, max, min gap", *map(repr, map(float, (gap.mean(), gap.max(), gap.min()))))
print("mean accuracy", repr(float((1 - relative).mean())), "MAPE", repr(float(relative.mean())))
print("RMSE", repr(float(numpy.sqrt((gap**2).mean()))))
print("within 1, 5, 10 %", *(int((relative <= t).sum()) for t in (0.01, 0.05, 0.1)), "of", len(y))
print("rho", repr(float(spearmanr(y, p).statistic)), "tau", repr(float(kendalltau(y, p).statistic)))
