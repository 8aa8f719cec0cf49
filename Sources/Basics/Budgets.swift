/// The limits of Labbook's input, all in one place. `Documentation/budgets.md` explains them.
///
/// They are far beyond the needs of notebooks and reports, and small enough that any input takes seconds at most and
/// never exhausts the machine.
package enum Budgets {
  /// The size in bytes of a file that is read as a whole: data files, architectures, models.
  package static let fileBytes = 1 << 30
  /// The number of files in a folder that is listed, with its subfolders.
  package static let listedFiles = 1_000_000
  /// The size in bytes of all pictures of a folder of classes, once decoded.
  package static let imageSetBytes = 4 << 30
  /// The number of messages in an ONNX file, including nested ones. A message of two bytes takes some 300 bytes in
  /// memory.
  package static let onnxMessages = 1 << 21
  /// The size of a notebook, in bytes.
  package static let notebookBytes = 16 << 20
  /// The size of a report's page, in bytes.
  package static let pageBytes = 256 << 20
  /// The number of files in a report.
  package static let carriedFiles = 1_000
  /// The unpacked size of a file in a report, in bytes.
  package static let carriedFileBytes = 64 << 20
  /// The unpacked size of all files in a report, in bytes.
  package static let carriedBytes = 256 << 20

  /// The nesting depth of quotes, lists and tags in Markdown.
  package static let markdownDepth = 64
  /// The nesting depth of Markdown in all: quotes, lists, emphasis, links.
  package static let markdownTreeDepth = 256
  /// The number of brackets, tags or marks of emphasis in a paragraph that are opened and not closed.
  package static let markdownOpenings = 4_096
  /// The number of comments and declarations of HTML in a paragraph.
  package static let markdownDeclarations = 256
  /// The size in bytes of a paragraph or another piece of text without a blank line.
  package static let markdownTextBytes = 1 << 20
  /// The number of columns of a table in Markdown.
  package static let markdownColumns = 1_000
  /// The total size in bytes of all links of a page, if the definition of each link is counted once for every use.
  package static let markdownLinkBytes = 256 << 20

  /// The number of formulas of a text.
  package static let markdownFormulas = 10_000
  /// The number of inline expressions of a text.
  package static let markdownExpressions = 5_000

  /// The number of pixels of a picture.
  package static let picturePixels = 64_000_000
  /// The size of a picture's file, in bytes.
  package static let pictureBytes = 64 << 20
  /// The time for drawing a picture, in seconds.
  package static let pictureSeconds = 5.0

  /// The size in bytes of a cell's events, which include everything that it shows.
  package static let eventBytes = 64 << 20
  /// The size in bytes of the events whose charts and texts are kept when a cell is ended for its output.
  package static let floodBytes = 1 << 20
  /// The size of a cell's printed output, in bytes.
  package static let outputBytes = 1 << 30
  /// The time for one step of the compiler, in seconds.
  package static let compileSeconds = 300.0

  /// The compiler's processor time for type-checking one expression, in seconds.
  package static let expressionSeconds = 5

  /// The number of files below a notebook's folder among which hidden ones are searched before a cell runs in the
  /// sandbox.
  package static let searchedFiles = 50_000

  /// The length in bytes of a request's first line and of each header line that the preview reads.
  package static let requestLineBytes = 8 << 10
  /// The number of header lines of a request.
  package static let requestHeaders = 100
  /// The time in seconds within which a request must arrive.
  package static let requestSeconds = 10.0
  /// The number of simultaneous connections to the preview.
  package static let connections = 64
}
