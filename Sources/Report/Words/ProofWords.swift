import Foundation

/// The words of one language about verification and changes of figures.
package struct ProofWords: Sendable {
  /// The label of the verification in the footer.
  package var label: String
  package var none: String
  /// Templates; `{0}` is the day, `{1}` the tolerance.
  private var identical: String
  private var close: String
  private var different: String
  /// A template; `{0}` is the processor, `{1}` its kernels.
  private var machine: String
  /// Templates; `{0}` is the difference, `{1}` the previous value.
  private var better: String
  private var worse: String
  private var same: String
  private var changed: String
  /// A template; `{0}` is a difference of shares in percentage points.
  private var points: String
  package var metric: String
  package var before: String
  package var now: String
  package var change: String
  /// The heading of the relative change.
  package var relative: String
  package var parameter: String
  package var verdict: String
  /// A word for each judgement.
  private var judgements: [String: String]

  package static let english = ProofWords(
    label: "Verification", none: "not run again from nothing",
    identical: "verified on {0}", close: "verified on {0} within {1}", different: "not reproduced on {0}",
    machine: "on {0} ({1})", better: "{0}, better than {1}", worse: "{0}, worse than {1}", same: "as before",
    changed: "{0} from {1}", points: "{0} points", metric: "metric", before: "before", now: "now", change: "change",
    relative: "relative", parameter: "parameter", verdict: "verdict",
    judgements: ["better": "better", "worse": "worse", "same": "same"])

  package static let chinese = ProofWords(
    label: "核对", none: "未从零重跑核对",
    identical: "{0}重跑核对一致", close: "{0}重跑核对，相对误差不超过 {1}", different: "{0}重跑结果不一致",
    machine: "处理器 {0}（{1}）", better: "{0}，优于上次的 {1}", worse: "{0}，差于上次的 {1}", same: "与上次相同",
    changed: "{0}，上次 {1}", points: "{0} 个百分点", metric: "指标", before: "上次", now: "本次", change: "变化", relative: "相对变化",
    parameter: "参数", verdict: "评价", judgements: ["better": "更好", "worse": "更差", "same": "相同"])

  /// A short text for the report's head.
  package func state(_ verification: Verification, day: String) -> String {
    let text =
      switch verification.verdict {
      case .identical: identical
      case .close: close
      case .different: different
      }
    return Self.filled(text, day, Self.text(verification.tolerance))
  }

  /// The full text for the footer.
  package func sentence(_ verification: Verification, day: String) -> String {
    "\(state(verification, day: day)); " + Self.filled(machine, verification.processor, verification.kernels)
  }

  /// The change of a figure in words; nil without a previous value.
  package func change(_ change: MetricChange) -> String? {
    guard let old = change.oldText, var difference = change.differenceText else { return nil }
    if case .percent = change.new?.format { difference = Self.filled(points, difference, "") }
    let text =
      switch change.judgement {
      case .better: better
      case .worse: worse
      case .same: same
      case .none: changed
      }
    return Self.filled(text, difference, old)
  }

  /// The page without the result of an earlier verification and the changes since the previous report, which are not
  /// results of the run. Only these words in their own places are removed, so that nothing else can hide in them.
  package func withoutVerdict(_ page: String) -> String {
    var result = page
    let states = [identical, close, different].map(Self.pattern)
    if let start = result.range(of: "<header class=\"title\">"),
      let end = result[start.upperBound...].range(of: "</header>")
    {
      let changes = [better, worse, same, changed].map(Self.pattern)
      let title = result[start.upperBound..<end.lowerBound]
        .replacing(#/<span>([^<]{1,200})<\/span><\/p>/#, maxReplacements: 1) { match in
          Self.isAny(of: states, match.1) ? "</p>" : String(match.0)
        }
        .replacing(#/ <span class="(?:better|worse|same|none)">([^<]{1,200})<\/span><\/dd>/#) { match in
          Self.isAny(of: changes, match.1) ? "</dd>" : String(match.0)
        }
      result.replaceSubrange(start.upperBound..<end.lowerBound, with: title)
    }
    guard let start = result.range(of: "<dt>\(label)</dt>", options: .backwards),
      let match = result[start.upperBound...].prefixMatch(of: #/\s*<dd>([^<]{1,400})<\/dd>/#),
      match.1 == none || Self.isAny(of: states.map { "\($0); \(Self.pattern(machine))" }, match.1)
    else { return result }
    result.replaceSubrange(match.range, with: "<dd></dd>")
    return result
  }

  /// The regular expression of a template with short texts in place of its `{0}` and `{1}`.
  private static func pattern(_ template: String) -> String {
    NSRegularExpression.escapedPattern(for: template).replacing(#/\\\{[01]\\\}/#, with: "[^<]{1,80}")
  }

  private static func isAny(of patterns: [String], _ text: Substring) -> Bool {
    patterns.contains { text.range(of: "^(?:\($0))$", options: .regularExpression) != nil }
  }

  /// The word for a judgement in a table; empty if there is nothing to judge.
  package func word(_ judgement: MetricChange.Judgement) -> String { judgements[judgement.rawValue] ?? "" }

  private static func filled(_ text: String, _ first: String, _ second: String) -> String {
    text.replacing("{0}", with: first).replacing("{1}", with: second)
  }

  /// The tolerance as text: `1e-6` for `1e-06`, and `0.25`. Of a number with many digits, which is a difference, only
  /// the first digit is told.
  package static func text(_ tolerance: Double) -> String {
    let (short, exact) = (String(format: "%.0e", tolerance), "\(tolerance)")
    let text = Double(short) == tolerance || exact.count > 8 ? short : exact
    return text.replacing(#/e([-+])0*(\d)/#) { "e\($0.1 == "-" ? "-" : "")\($0.2)" }
  }
}
