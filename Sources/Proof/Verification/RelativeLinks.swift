import Report

/// The links of a page to files beside the notebook.
///
/// Their addresses depend on where the report is written and on which files exist: `second.md` is written as
/// `../second/index.html` where that notebook is, and as `second.md` where it isn't.
enum RelativeLinks {
  /// The tag with addresses that are the same everywhere: without leading `./` and `../`, and with the name of the
  /// notebook alone in place of a notebook or of its report's page.
  static func canonical(_ tag: String) -> String {
    tag.replacing(#/ href="([^"]*)"/#) { match in
      guard let (path, rest) = LinkedFile.split(String(match.1)) else { return String(match.0) }
      var parts = path.split(separator: "/").drop { $0 == "." || $0 == ".." }.map(String.init)
      if parts.count > 1, parts.last == "index.html" {
        parts = [parts[parts.count - 2] + ".md"]
      } else if let name = parts.last, name.hasSuffix(".md") {
        parts = [name]
      }
      return " href=\"\(parts.joined(separator: "/"))\(rest)\""
    }
  }
}
