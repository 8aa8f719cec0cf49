import Foundation
import Plot

/// Every kind of chart with the code that makes it. `Documentation/gallery.md` shows the code between `// listing:
/// name` and `// end` in these files, and the picture that this code made.
enum Gallery {
  struct Section {
    var title: String
    var entries: [Entry]
  }

  struct Entry: Sendable {
    var name: String
    var title: String
    var text: String
    var make: @Sendable ((Chart) -> Void) throws -> Void

    init(_ name: String, _ title: String, _ text: String, make: @escaping @Sendable ((Chart) -> Void) throws -> Void) {
      self.name = name
      self.title = title
      self.text = text
      self.make = make
    }

    fileprivate func chart() throws -> Chart {
      var charts: [Chart] = []
      try make { charts.append($0) }
      guard let chart = charts.first, charts.count == 1 else {
        throw DrawingError("the gallery's entry \(name) shows \(charts.count) charts, not one")
      }
      return chart
    }
  }

  static var sections: [Section] { [training, errors, distributions, sweeps, networks] }

  static var entries: [Entry] { sections.flatMap(\.entries) }

  /// The charts, made once, because some have a million points.
  private static let charts = Result { try Dictionary(uniqueKeysWithValues: entries.map { ($0.name, try $0.chart()) }) }

  static func chart(_ name: String) throws -> Chart {
    guard let chart = try charts.get()[name] else { throw DrawingError("the gallery has no entry \(name)") }
    return chart
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  static let documentation = folder.appending(path: "../../../Documentation").standardizedFileURL
  static let page = documentation.appending(path: "gallery.md")

  static func picture(_ name: String) -> URL {
    documentation.appending(path: "gallery/\(name).png")
  }

  /// The code between the marks, without its indentation.
  static func listing(_ name: String) throws -> String {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "swift" {
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      guard let start = lines.firstIndex(where: { $0.trimmingCharacters(in: .whitespaces) == "// listing: \(name)" }),
        let end = lines[start...].firstIndex(where: { $0.trimmingCharacters(in: .whitespaces) == "// end" })
      else { continue }
      let code = lines[(start + 1)..<end]
      let indentation = code.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
      return code.map { String($0.dropFirst(indentation)) }.joined(separator: "\n")
    }
    throw DrawingError("no file of the gallery has a listing \(name)")
  }

  /// The text of the page `Documentation/gallery.md`.
  static func pageText() throws -> String {
    var parts = [
      """
      # Gallery

      Every chart with the code that made it; `make gallery` makes both anew. [Charts](charts.md) explains how charts \
      are
      composed. The data come from three functions:

      ```swift
      \(try listing("data"))
      ```
      """
    ]
    for section in sections {
      parts.append("## \(section.title)")
      for entry in section.entries {
        let description = try chart(entry.name).description()
        parts.append(
          """
          ### \(entry.title)

          \(entry.text)

          ```swift
          \(try listing(entry.name))
          ```

          ![\(description)](gallery/\(entry.name).png)
          """)
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
