import Foundation
import Report

/// Compares the page of a report with the page that its own notebook's run makes.
struct PageComparison: Sendable {
  private(set) var comparison: Comparison
  /// Whether charts were drawn with fonts that this machine lacks. Their marks and the order of their letters are
  /// compared then.
  private(set) var hasOtherFonts = false
  private var letters = LetterMap()

  /// - Parameters:
  ///   - shown: The page that was sent.
  ///   - made: The page that the run made.
  ///   - isExact: Whether the run gave the same bits, so that texts, and drawings with the same fonts, must be
  ///     identical.
  init(shown: String, made: String, tolerance: Double, words: ProofWords, isExact: Bool) {
    comparison = Comparison(tolerance: isExact ? 0 : tolerance)
    let (shown, made) = (VisiblePage(words.withoutVerdict(shown)), VisiblePage(words.withoutVerdict(made)))
    let (theirs, ours) = (Set(shown.outlines.values), Set(made.outlines.values))
    // No two fonts have an outline in common, so one shared outline shows that the fonts are the same.
    hasOtherFonts = !theirs.isEmpty && theirs.isDisjoint(with: ours)
    if !hasOtherFonts, isExact, !theirs.isSubset(of: ours) {
      comparison.differ("page, letters of the charts", "\(theirs.count) outlines", "\(ours.count) outlines, others")
    }
    for index in 0..<min(shown.pieces.count, made.pieces.count) {
      let (old, new) = (shown.pieces[index], made.pieces[index])
      let place = "page, at \(shown.places[index])"
      switch (old, new) {
      case (.text(let old), .text(let new)): if old != new { comparison.compare(printed: old, new, at: place) }
      case (.drawing(let old), .drawing(let new)):
        compare(
          old, new, outlines: (shown.outlines, made.outlines), exactly: isExact && !hasOtherFonts, at: place)
      case (.tag(let old), .tag(let new)) where Self.isAlike(old, new): continue
      default:
        comparison.differ(place, old.text, new.text)
        return
      }
    }
    let (left, right) = (shown.pieces.count, made.pieces.count)
    if left > right {
      comparison.differ("page, at \(shown.places[right])", shown.pieces[right].text, "nothing")
    } else if right > left {
      comparison.differ("page, at \(made.places[left])", "nothing", made.pieces[left].text)
    }
  }

  /// Compares tags without the widths of drawings, which depend on fonts, and without what depends on the files beside
  /// the notebook.
  private static func isAlike(_ old: String, _ new: String) -> Bool {
    func plain(_ tag: String) -> String {
      RelativeLinks.canonical(tag.replacing(#/(?:max-width:|--width:)\d+px/#, with: ""))
    }
    return old == new || plain(old) == plain(new)
  }

  private mutating func compare(
    _ old: String, _ new: String, outlines: (old: [String: String], new: [String: String]), exactly: Bool,
    at place: String
  ) {
    let (shown, made) = (DrawnChart(old), DrawnChart(new))
    guard shown.texts.count == made.texts.count, shown.marks.count == made.marks.count,
      shown.labels.map(\.count) == made.labels.map(\.count)
    else { return comparison.differ(place, "a chart", "another chart") }
    for (old, new) in zip(shown.texts, made.texts) where old != new {
      comparison.compare(printed: old, new, at: "\(place), a chart's words")
    }
    for (old, new) in zip(shown.labels.joined(), made.labels.joined()) {
      let (left, right) = (outlines.old[old] ?? old, outlines.new[new] ?? new)
      guard exactly ? left == right : letters.agree(left, right) else {
        return comparison.differ(place, "a label of a chart", "another label")
      }
    }
    for (old, new) in zip(shown.marks, made.marks) where !old.isAlike(new, exactly: exactly) {
      return comparison.differ(place, "a mark of a chart", "a mark elsewhere, or of another look")
    }
    guard exactly ? shown.rest == made.rest : shown.kinds == made.kinds else {
      return comparison.differ(place, "a chart", "a chart of another layout")
    }
  }
}

/// A one-to-one map from the outlines of one font to those of another.
private struct LetterMap: Sendable {
  private var forward: [String: String] = [:]
  private var backward: [String: String] = [:]

  mutating func agree(_ old: String, _ new: String) -> Bool {
    if forward[old] == nil, backward[new] == nil { (forward[old], backward[new]) = (new, old) }
    return forward[old] == new && backward[new] == old
  }
}

extension Comparison {
  /// Compares texts of a page. Numbers have only the printed digits, so that a last digit that was rounded the other
  /// way is within the tolerance.
  mutating func compare(printed old: String, _ new: String, at path: String) {
    if tolerance > 0, Self.isRoundedAlike(old, new) { return tolerate() }
    compare(text: old, new, at: path)
  }

  private static func isRoundedAlike(_ old: String, _ new: String) -> Bool {
    let numbers = #/[-+−]?\d[\d,]*(\.\d+)?/#
    let (left, right) = (old.matches(of: numbers), new.matches(of: numbers))
    guard left.count == right.count, old.replacing(numbers, with: "#") == new.replacing(numbers, with: "#") else {
      return false
    }
    return zip(left, right).allSatisfy { left, right in
      func value(_ text: Substring) -> Double {
        Double(text.replacing(",", with: "").replacing("−", with: "-")) ?? .nan
      }
      if left.0 == right.0 { return true }
      // The last one of at least four digits.
      let decimals = left.1.map { $0.count - 1 } ?? 0
      let difference = abs(value(left.0) - value(right.0))
      return decimals > 0 && left.0.count >= 5 && difference <= 1.01 * pow(10, -Double(decimals))
        && difference <= 1e-3 * abs(value(left.0))
    }
  }
}
