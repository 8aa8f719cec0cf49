// What a cell uses of the numerics by name, such as `SeededGenerator` and `Optimizer`, comes with Core.
@_exported import Numerics
