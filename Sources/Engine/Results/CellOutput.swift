import Core
import Plot

/// The cause of a cell's failure.
package struct CellFailure: Codable, Hashable, Sendable {
  /// The cause in one line.
  package var message: String
  /// The place in the Markdown file, as far as known.
  package var place: Place?
  /// More lines, shown unchanged: compiler notes, a stack trace, the end of standard error.
  package var details: String?

  package init(message: String, place: Place? = nil, details: String? = nil) {
    self.message = message
    self.place = place
    self.details = details
  }
}

/// One piece of a cell's output.
package enum CellOutput: Codable, Sendable {
  /// Text from standard output.
  case printed(String)
  /// Text from standard error.
  case printedError(String)
  case chart(Chart)
  case table(Table)
  /// Markdown that the cell made with `show(markdown:)`.
  case markdown(String)
}

/// The text of an inline expression's value, or the reason why there is none.
package enum ExpressionReport: Codable, Sendable {
  case value(String)
  case failed(CellFailure)
  case notRun(needs: [String])
}
