import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Markup
@testable import Runner

/// The Swift code of every documentation page compiles: its listings in sequence, and each notebook that it shows.
@Suite struct DocumentationTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let pages: [String] = {
    let folder = root.appendingPathComponent("Documentation").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/\($0)" }
  }()

  @Test(arguments: pages)
  func examplesTypeCheck(page: String) async throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
    let document = Document(markdown: text, file: page)
    let listings = document.codeBlocks.filter { $0.language == "swift" }.map(\.literal)
    let shown = document.codeBlocks.filter { $0.language == "markdown" }.map(\.literal)
    // The pieces are parts of one notebook, so later ones know the parameters and values of earlier ones.
    let isWhole = shown.contains { $0.hasPrefix("---\n") }
    var notebooks = isWhole ? shown : [Self.head + shown.joined(separator: "\n")]
    notebooks.append("```swift {#listings}\n\(listings.joined(separator: "\n"))\n```\n")
    for source in notebooks {
      let notebook = try TemporaryNotebook(source)
      let parsed = try Notebook(source: source, file: notebook.file.path)
      do {
        _ = try await NotebookRun(parsed, store: Store(beside: notebook.folder))
      } catch let error as NotebookError {
        Issue.record(
          "\(page): \(error.diagnostics.map { $0.text(source: parsed.sourceLines) }.joined(separator: "\n"))")
      }
    }
  }

  private static let head = "---\nparams: {width: 32, epochs: 40}\n---\n\n"

  @Test(arguments: pages)
  func linksLeadSomewhere(page: String) throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
    let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
    for case .link(let link) in Document(markdown: text, file: page).blocks.inlines
    where !link.destination.contains("://") && !link.destination.hasPrefix("#") {
      let parts = link.destination.split(separator: "#", maxSplits: 1).map(String.init)
      let target = folder.appendingPathComponent(parts[0])
      #expect(FileManager.default.fileExists(atPath: target.path), "\(page) links to \(link.destination)")
      guard parts.count > 1 else { continue }
      let headings = try String(contentsOf: target, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("#") }
      let anchors = headings.map { heading in
        heading.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
          .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
      }
      #expect(anchors.contains(parts[1]), "\(page) links to \(link.destination)")
    }
  }
}
