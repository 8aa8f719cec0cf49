/// How much Labbook takes from outside before it says no: one place for all limits, which `Documentation/budgets.md`
/// explains.
///
/// They are far beyond what notebooks and reports need, and small enough that whatever is read costs seconds, not the
/// machine.
package enum Budgets {
  /// Bytes of a file that is read at once: data files, architectures, models.
  package static let fileBytes = 1 << 30
  /// Messages in an ONNX file, nested ones included. One of two bytes takes some 300 in memory.
  package static let onnxMessages = 1 << 21
  /// Bytes of a notebook.
  package static let notebookBytes = 16 << 20
  /// Bytes of a report's page.
  package static let pageBytes = 256 << 20
  /// Files that a report carries.
  package static let carriedFiles = 1_000
  /// Bytes of a file that a report carries, unpacked.
  package static let carriedFileBytes = 64 << 20
  /// Bytes of all files that a report carries, unpacked.
  package static let carriedBytes = 256 << 20

  /// Levels of Markdown inside each other: quotes, lists, emphasis, links.
  package static let markdownDepth = 64
  /// Bytes of a paragraph or another piece of text without a blank line.
  package static let markdownTextBytes = 1 << 20

  /// Pixels of a picture.
  package static let picturePixels = 64_000_000
  /// Bytes of a picture's file.
  package static let pictureBytes = 64 << 20
  /// Seconds that drawing a picture may take.
  package static let pictureSeconds = 10.0

  /// Bytes of events of a cell, which hold all that it shows.
  package static let eventBytes = 64 << 20
  /// Bytes that are kept of what a cell showed that was ended for showing or printing too much.
  package static let floodBytes = 1 << 20
  /// Bytes that a cell prints.
  package static let outputBytes = 1 << 30
  /// Seconds that the compiler may take for one step.
  package static let compileSeconds = 300.0

  /// Seconds that it may take to find the types of one expression.
  package static let expressionSeconds = 5

  /// Bytes of a request's first line and of each header line that the preview reads.
  package static let requestLineBytes = 8 << 10
  /// Header lines of a request.
  package static let requestHeaders = 100
  /// Seconds in which a request must have come.
  package static let requestSeconds = 10.0
  /// Connections to the preview at once.
  package static let connections = 64
}
