import Foundation
import TestSupport
import Testing

@testable import Runner

/// The page in a real browser while its notebook is edited.
@Suite struct PreviewPageTests {
  private static let paragraphs = (1...60).map { "Paragraph \($0) stands here, and is long enough to read." }
  private static let source =
    """
    ---
    title: 预览
    lang: zh-Hans
    ---

    ```swift {#甲}
    import Foundation
    let text = "before"
    print(text)
    ```

    ```swift {#乙}
    show(Chart.lossCurves([LossCurve(training: [1.0, 0.5, 0.25])]))
    ```

    """ + paragraphs.joined(separator: "\n\n") + "\n"

  @Test(.enabled(if: Browser.executable != nil, "no Chromium is installed"))
  func anEditChangesThePageInPlace() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let (file, folder) = (notebook.file, notebook.folder)
    let session = try PreviewSession(file.path, options: .init())
    let server = try PreviewServer(session.model, port: 0)
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { continuation.yield($0) } }
      group.addTask { await session.run() }
      group.addTask {
        for await address in addresses {
          try await Self.drive(try Browser(), address, file: file, folder: folder)
          return
        }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private static func drive(_ browser: Browser, _ address: String, file: URL, folder: URL) async throws {
    try await browser.open(address)
    #expect(try await browser.waits(for: "document.querySelector('#preview.idle') && document.querySelector('svg')"))
    #expect(try await browser.evaluate("document.querySelector('.printed').textContent.trim()") as? String == "before")
    // The reader unfolds the code of one cell and scrolls down the page.
    let before = try await browser.evaluate(
      """
      window.marker = "still here";
      document.querySelectorAll("details.code")[1].open = true;
      window.kept = [...document.querySelectorAll("main p")].find((p) => p.textContent.startsWith("Paragraph 40 "));
      kept.scrollIntoView({ block: "center", behavior: "instant" });
      kept.getBoundingClientRect().top
      """)
    let top = try #require((before as? NSNumber)?.doubleValue)

    // New text above, and a cell that runs until the test lets it end.
    let edited = source.replacing("Paragraph 3 ", with: "A new paragraph.\n\nOne more.\n\nParagraph 3 ")
      .replacing(
        "let text = \"before\"",
        with: "while !FileManager.default.fileExists(atPath: \"go\") { usleep(10_000) }\nlet text = \"after\"")
    try Data(edited.utf8).write(to: file)
    #expect(try await browser.waits(for: "document.querySelector('#cell-甲 > .live')?.textContent.includes('正在运行')"))
    #expect(try await browser.evaluate("document.querySelector('#preview').className") as? String == "running")
    #expect(try await browser.evaluate("document.querySelector('#cell-甲 .badge') !== null") as? Bool == true)
    #expect(try await browser.evaluate("document.body.textContent.includes('A new paragraph.')") as? Bool == true)

    try Data().write(to: folder.appendingPathComponent("go"))
    #expect(try await browser.waits(for: "document.querySelector('.printed').textContent.trim() === 'after'"))
    #expect(try await browser.waits(for: "!document.querySelector('.live') && document.querySelector('#preview.idle')"))
    #expect(try await browser.evaluate("window.marker") as? String == "still here")
    #expect(try await browser.evaluate("kept.isConnected") as? Bool == true)
    #expect(try await browser.evaluate("document.querySelectorAll('details.code')[1].open") as? Bool == true)
    #expect(try await browser.evaluate("document.querySelectorAll('details.code')[0].open") as? Bool == false)
    let after = try #require(
      (try await browser.evaluate("kept.getBoundingClientRect().top") as? NSNumber)?.doubleValue)
    #expect(abs(after - top) < 2, "the text that was read has moved from \(top) to \(after)")

    // A compile error is shown at its cell, which is unfolded. An error that belongs to no cell is shown at the top.
    try Data(edited.replacing("print(text)", with: "print(txet)").replacing("title:", with: "titel:").utf8).write(
      to: file)
    #expect(
      try await browser.waits(
        for: "document.querySelector('#cell-甲 > .failure .message')?.textContent.includes('txet')"))
    #expect(try await browser.evaluate("document.querySelectorAll('details.code')[0].open") as? Bool == true)
    #expect(
      try await browser.evaluate("document.querySelector('#preview .problems')?.textContent.includes('titel')") as? Bool
        == true)
  }
}
