import Core
import Foundation

/// The formulas of a report as MathML. Blahtexml translates all of them from TeX in one process.
///
/// A formula is shown as TeX if the tool is missing or can't translate it.
package struct Formulas: Sendable {
  /// A formula in the text.
  package struct Source: Hashable, Sendable {
    package var tex: String
    package var display: Bool
  }

  private var elements: [Source: MathElement] = [:]
  /// Warnings for the author: formulas that can't be translated, or a missing tool.
  package private(set) var warnings: [InputError] = []

  /// The length in bytes above which a formula is not translated.
  private static let greatestLength = 20_000

  package static let none = Formulas()
  private init() {}

  /// Translates formulas.
  /// - Parameters:
  ///   - found: All formulas in reading order, including repeated ones.
  ///   - tool: The name or path of blahtexml.
  package init(_ found: [(source: Source, place: Place)], tool: String = "blahtexml") {
    guard !found.isEmpty else { return }
    var sources: [Source] = []
    var known: Set<Source> = []
    for formula in found where known.insert(formula.source).inserted {
      if formula.source.tex.utf8.count <= Self.greatestLength { sources.append(formula.source) }
    }
    guard let translator = FormulaTranslator(tool: tool) else {
      warnings = [
        InputError(
          "formulas are shown as TeX because \(tool) is not installed", at: found.first?.place,
          remedy: "Install blahtexml: apt-get install blahtexml")
      ]
      return
    }
    var problems: [Source: String] = [:]
    for (source, result) in zip(sources, translator.translate(sources)) {
      switch result {
      case .success(let element): elements[source] = element
      case .failure(let problem): problems[source] = problem.cause
      }
    }
    for formula in found where elements[formula.source] == nil {
      let cause = problems[formula.source] ?? "it is too long"
      let shown = formula.source.tex.count > 40 ? formula.source.tex.prefix(40) + "…" : formula.source.tex[...]
      warnings.append(
        InputError("the formula \(shown) is shown as TeX: \(cause)", at: formula.place))
    }
  }

  /// The MathML of a formula; nil if it is shown as TeX.
  package subscript(tex: String, display display: Bool) -> MathElement? {
    elements[Source(tex: tex, display: display)]
  }
}
