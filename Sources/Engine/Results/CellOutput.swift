import Core
import Plot

/// Why a cell gave no result.
package struct CellFailure: Codable, Hashable, Sendable {
  /// One line: what happened.
  package var message: String
  /// Where in the Markdown file, as far as known.
  package var place: Place?
  /// More lines to show as they are: compiler notes, a stack trace, the end of standard error.
  package var details: String?

  package init(message: String, place: Place? = nil, details: String? = nil) {
    self.message = message
    self.place = place
    self.details = details
  }
}

/// What a cell showed or printed, in order.
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

/// The value of an inline expression as text, or why there is none.
package enum ExpressionReport: Codable, Sendable {
  case value(String)
  case failed(CellFailure)
  case notRun(needs: [String])
}
