internal import Basics
import Foundation
internal import Numerics

/// Values counted in intervals of equal width (bins). Every bin includes its lower edge, and the last one its upper
/// edge too.
public struct Bins: Codable, Hashable, Sendable {
  /// The rule for the width of a bin.
  public enum Rule: String, Codable, Hashable, Sendable {
    /// 2 IQR n^(-1/3) by Freedman and Diaconis, 1981. It is robust against outliers.
    case freedmanDiaconis
    /// 3.49 s n^(-1/3) by Scott, 1979. It is best for normally distributed data.
    case scott
  }

  public var edges: [Double]
  public var counts: [Int]
  /// The number of finite values below the first edge, and above the last one.
  public var below: Int
  public var above: Int

  /// Counts values in bins whose width is the rule's, rounded to 1, 2, 2.5 or 5 times a power of ten. The edges are
  /// multiples of the width, so that zero is an edge and never inside a bin.
  ///
  /// - Parameters:
  ///   - range: The range to count in; nil for all finite values. ``below`` and ``above`` count the values outside.
  ///   - width: A width to use instead of the rule's, for comparison with other bins. It is rounded too.
  public init(
    _ values: some Sequence<Double>, rule: Rule = .freedmanDiaconis, range: ClosedRange<Double>? = nil,
    width wanted: Double? = nil
  ) {
    let quantiles = Quantiles(values)
    guard let least = quantiles.sorted.first, let greatest = quantiles.sorted.last else {
      (edges, counts, below, above) = ([0, 1], [0], 0, 0)
      return
    }
    let range = range ?? least...greatest
    let width = Bins.roundWidth(wanted ?? Bins.width(quantiles, rule: rule), range: range)
    let first = (range.lowerBound / width).rounded(.down)
    var last = (range.upperBound / width).rounded(.up)
    if last <= first { last = first + 1 }
    edges = (0...min(400, Int(clamping: last - first))).map { (first + Double($0)) * width }
    counts = Array(repeating: 0, count: edges.count - 1)
    below = 0
    above = 0
    for value in quantiles.sorted {
      if value < edges[0] {
        below += 1
      } else if value > edges[edges.count - 1] {
        above += 1
      } else {
        var bin = max(0, min(counts.count - 1, Int(clamping: value / width - first)))
        // The division may round to the other side of an edge.
        if value < edges[bin] { bin -= 1 }
        if value >= edges[bin + 1], bin + 1 < counts.count { bin += 1 }
        counts[bin] += 1
      }
    }
  }

  /// The rule's width before rounding, or the other rule's if it is 0; 0 for equal values.
  static func width(_ quantiles: Quantiles, rule: Rule) -> Double {
    let shrinking = CorrectlyRounded.pow(Double(max(1, quantiles.sorted.count)), -1.0 / 3)
    let freedmanDiaconis = 2 * quantiles.interquartileRange * shrinking
    let scott = 3.49 * quantiles.standardDeviation * shrinking
    let (wanted, other) = rule == .scott ? (scott, freedmanDiaconis) : (freedmanDiaconis, scott)
    return wanted > 0 ? wanted : other
  }

  /// The round width nearest to the wanted one, or to a 200th of the range if that is greater. It may be less than
  /// this 200th, but a range has fewer than 300 bins.
  private static func roundWidth(_ wanted: Double, range: ClosedRange<Double>) -> Double {
    // The difference of the range's ends may overflow.
    let span = min(range.upperBound - range.lowerBound, .greatestFiniteMagnitude)
    let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
    var width = max(wanted, span / 200, magnitude * 1e-9)
    if wanted <= 0, span == 0 { width = magnitude > 0 ? magnitude / 10 : 1 }
    let power = CorrectlyRounded.pow(10, floor(CorrectlyRounded.log10(width)))
    func distance(_ step: Double) -> Double { abs(CorrectlyRounded.log(width / power / step)) }
    let rounded = [1, 2, 2.5, 5, 10].min { distance($0) < distance($1) } ?? 1
    return rounded * power
  }
}
