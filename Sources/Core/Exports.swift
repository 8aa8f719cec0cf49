// Cells that import Core can name the parts of Numerics that they need, such as `SeededGenerator` and `Optimizer`.
@_exported import Numerics
