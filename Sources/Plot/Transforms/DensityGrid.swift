internal import Basics
import Foundation
internal import Numerics

/// Points counted in the cells of a grid, for clouds in which points would hide each other.
public struct DensityGrid: Codable, Hashable, Sendable {
  /// The occupied cells, row by row.
  public var left: [Double]
  public var right: [Double]
  public var bottom: [Double]
  public var top: [Double]
  public var counts: [Int]

  /// The greatest number of points that are drawn one by one.
  public static let threshold = 2000

  /// Counts all points whose coordinates are finite (and positive in a logarithmic direction).
  ///
  /// - Parameters:
  ///   - columns: The number of cells from the least to the greatest x.
  ///   - rows: The number of cells from the least to the greatest y.
  ///   - isLogarithmic: Whether cells are even in the logarithm of x, and of y.
  public init(
    x: [Double], y: [Double], columns: Int = 108, rows: Int = 60, isLogarithmic: (x: Bool, y: Bool) = (false, false)
  ) {
    let across = Direction(x, count: columns, isLogarithmic: isLogarithmic.x)
    let upwards = Direction(y, count: rows, isLogarithmic: isLogarithmic.y)
    var grid = Array(repeating: 0, count: across.count * upwards.count)
    for (x, y) in zip(x, y) {
      guard let column = across.cell(of: x), let row = upwards.cell(of: y) else { continue }
      grid[row * across.count + column] += 1
    }
    (left, right, bottom, top, counts) = ([], [], [], [], [])
    for (cell, count) in grid.enumerated() where count > 0 {
      let (row, column) = (cell / across.count, cell % across.count)
      left.append(across.edge(column))
      right.append(across.edge(column + 1))
      bottom.append(upwards.edge(row))
      top.append(upwards.edge(row + 1))
      counts.append(count)
    }
  }

  private struct Direction {
    let count: Int
    let isLogarithmic: Bool
    let low: Double
    let step: Double

    init(_ values: [Double], count: Int, isLogarithmic: Bool) {
      self.count = max(1, count)
      self.isLogarithmic = isLogarithmic
      var low = Double.infinity
      var high = -Double.infinity
      for value in values where value.isFinite && (!isLogarithmic || value > 0) {
        low = min(low, value)
        high = max(high, value)
      }
      if isLogarithmic { (low, high) = (CorrectlyRounded.log(low), CorrectlyRounded.log(high)) }
      guard low <= high else {
        (self.low, step) = (0, 0)
        return
      }
      if high == low { (low, high) = (low - max(abs(low), 1) * 0.01, high + max(abs(high), 1) * 0.01) }
      self.low = low
      step = (high - low) / Double(self.count)
    }

    func cell(of value: Double) -> Int? {
      guard step > 0, value.isFinite, !isLogarithmic || value > 0 else { return nil }
      return max(0, min(count - 1, Int(clamping: ((isLogarithmic ? CorrectlyRounded.log(value) : value) - low) / step)))
    }

    func edge(_ position: Int) -> Double {
      let value = low + Double(position) * step
      return isLogarithmic ? CorrectlyRounded.exp(value) : value
    }
  }
}

extension DensityGrid {
  /// A layer of cells coloured by their counts, by the chart's ``Chart/amount`` axis.
  public var layer: Layer {
    Layer(
      .rectangle(left: Values(left), right: Values(right), bottom: Values(bottom), top: Values(top)),
      style: Style(inset: 0), amounts: Values(counts))
  }

  /// The scale for counts of points. It is logarithmic, because most cells have few points and some have many.
  public static let amount = Axis(Phrase(.pointsPerCell), scale: .logarithmic, extent: .tight, isWhole: true)
}
