internal import Basics
import Foundation
internal import Numerics

/// Evenly spaced round values along an axis.
struct LinearTicks: Hashable, Sendable {
  var values: [Double]
  var step: Double

  /// The values that ticks may have, relative to the range that they mark.
  enum Coverage: Sendable {
    /// The first tick is at or below the least value, the last at or above the greatest.
    case around
    /// No tick is beyond the least and greatest values.
    case inside
  }

  /// The best ticks by J. Talbot, S. Lin and P. Hanrahan, An Extension of Wilkinson's Algorithm for Positioning Tick
  /// Labels on Axes, 2010: the greatest weighted sum of simplicity, coverage and density over all steps q · 10ᶻ and
  /// all their multiples as first tick. Their skip factor is fixed at 1, because it leads to steps such as 12 and
  /// 1.6.
  ///
  /// - Parameters:
  ///   - count: The wanted number of ticks.
  ///   - isWhole: Whether ticks must be whole numbers.
  init(from low: Double, to high: Double, count: Int, coverage: Coverage, isWhole: Bool = false) {
    guard (high - low).isFinite, low.isFinite else {
      // The difference of the ends overflows, or an end is not a number.
      guard low.isFinite, high.isFinite else {
        (values, step) = ([low, high].filter(\.isFinite), 0)
        return
      }
      let quarter = LinearTicks(from: low / 4, to: high / 4, count: count, coverage: .inside)
      values = quarter.values.map { $0 * 4 }
      step = min(quarter.step * 4, .greatestFiniteMagnitude)
      return
    }
    let search = Search(low: low, high: high, wanted: Double(max(2, count)), coverage: coverage, isWhole: isWhole)
    if high > low, let best = search.best() {
      values = (0..<best.count).map { best.value(at: $0) }
      step = best.step
    } else {
      values = low == high ? [low] : isWhole ? [low.rounded(.up)].filter { $0 <= high } : [low, high]
      step = max(high - low, isWhole ? 1 : 0)
    }
  }

  private struct Candidate {
    var start: Double
    var base: Double
    var exponent: Int
    var count: Int

    var step: Double { scaled(1) }

    func value(at position: Int) -> Double { scaled(start + Double(position)) }

    /// Division by a power of ten gives the double nearest to the decimal number; multiplication by its inverse
    /// doesn't.
    private func scaled(_ multiple: Double) -> Double {
      let product = multiple * base
      return exponent < 0
        ? product / CorrectlyRounded.pow(10, Double(-exponent)) : product * CorrectlyRounded.pow(10, Double(exponent))
    }
  }

  private struct Search {
    static let bases: [Double] = [1, 5, 2, 2.5, 4, 3]
    static let weights = (simplicity: 0.25, coverage: 0.2, density: 0.5, legibility: 0.05)

    var low: Double
    var high: Double
    var wanted: Double
    var coverage: Coverage
    var isWhole: Bool

    private func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
      Self.weights.simplicity * simplicity + Self.weights.coverage * coverage + Self.weights.density * density
        + Self.weights.legibility
    }

    func best() -> Candidate? {
      var best: Candidate?
      var bestScore = -Double.infinity
      for (rank, base) in Self.bases.enumerated() {
        let simplicityBound = 2 - Double(rank) / Double(Self.bases.count - 1)
        if score(simplicityBound, 1, 1) < bestScore { break }
        for count in 2...max(12, Int(clamping: wanted) * 3) {
          let densityBound = Double(count) >= wanted ? 2 - Double(count - 1) / (wanted - 1) : 1
          if score(simplicityBound, 1, densityBound) < bestScore { break }
          let least = (high - low) / Double(count + 1) / base
          let firstExponent = Int(clamping: ceil(CorrectlyRounded.log10(least)))
          guard abs(firstExponent) < 400 else { continue }
          for exponent in firstExponent..<(firstExponent + 4) {
            var candidate = Candidate(start: 0, base: base, exponent: exponent, count: count)
            let step = candidate.step
            guard step.isFinite, step > 0, !isWhole || step == step.rounded() else { continue }
            if score(simplicityBound, coverageBound(span: step * Double(count - 1)), densityBound) < bestScore { break }
            let firstStart = floor(high / step) - Double(count - 1)
            let lastStart = ceil(low / step)
            guard firstStart <= lastStart, lastStart - firstStart < 1000 else { continue }
            for start in stride(from: firstStart, through: lastStart, by: 1) {
              candidate.start = start
              guard isAllowed(candidate) else { continue }
              let value = score(simplicity(candidate, rank: rank), coverage(candidate), density(candidate))
              if value > bestScore { (best, bestScore) = (candidate, value) }
            }
          }
        }
      }
      return best
    }

    private func isAllowed(_ candidate: Candidate) -> Bool {
      let first = candidate.value(at: 0)
      let last = candidate.value(at: candidate.count - 1)
      let tolerance = 1e-9 * (high - low)
      if isWhole, first != first.rounded() { return false }
      switch coverage {
      case .around: return first <= low + tolerance && last >= high - tolerance
      case .inside: return first >= low - tolerance && last <= high + tolerance
      }
    }

    private func simplicity(_ candidate: Candidate, rank: Int) -> Double {
      let hasZero = candidate.value(at: 0) <= 0 && candidate.value(at: candidate.count - 1) >= 0
      return 1 - Double(rank) / Double(Self.bases.count - 1) + (hasZero ? 1 : 0)
    }

    /// The distance at which an uncovered end counts fully. It is larger for ticks inside the range, which can't
    /// reach the ends; otherwise nearly all axes would be crowded.
    private var reach: Double { (coverage == .around ? 0.1 : 0.3) * (high - low) }

    private func coverage(_ candidate: Candidate) -> Double {
      let above = high - candidate.value(at: candidate.count - 1)
      let below = low - candidate.value(at: 0)
      return 1 - 0.5 * (above * above + below * below) / (reach * reach)
    }

    private func coverageBound(span: Double) -> Double {
      guard span > high - low else { return 1 }
      let half = (span - (high - low)) / 2
      return 1 - half * half / (reach * reach)
    }

    private func density(_ candidate: Candidate) -> Double {
      let first = candidate.value(at: 0)
      let last = candidate.value(at: candidate.count - 1)
      let here = Double(candidate.count - 1) / (last - first)
      let ideal = (wanted - 1) / (max(last, high) - min(first, low))
      return 2 - max(here / ideal, ideal / here)
    }
  }
}
