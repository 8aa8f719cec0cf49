"""Expected numbers of TreesTests: scikit-learn's regression tree on a small table.

usage: python3 Tests/Reference/trees_reference.py    (needs scikit-learn; written for 1.7)"""

import numpy as np
from sklearn.tree import DecisionTreeRegressor

rows = np.array([[(row * (7 + 4 * column) + column) % 23 for column in range(3)] for row in range(60)], dtype=float)
targets = 0.5 * rows[:, 0] + np.where(rows[:, 1] > 11, 4, 0) - 0.1 * rows[:, 2] * rows[:, 0]
tree = DecisionTreeRegressor(max_depth=3, min_samples_leaf=4, random_state=0).fit(rows, targets)
predictions = tree.predict(rows)
print("error", repr(float(((predictions - targets) ** 2).mean())))
print("predictions", [round(float(value), 9) for value in predictions[:5]])
