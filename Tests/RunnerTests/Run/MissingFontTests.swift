import Foundation
import TestSupport
import Testing

/// A machine without fonts. Fontconfig reads its configuration once, so the chart is drawn by another process.
@Suite(.waiting) struct MissingFontTests {
  @Test func aChartThatCannotBeDrawnIsTold() throws {
    let notebook = try TemporaryNotebook(
      "---\nformats: []\n---\n\n```swift {#a}\nshow(Chart.line(x: [1, 2], y: [1, 2]))\n```\n")
    try notebook.write("<fontconfig></fontconfig>", to: "fonts.conf")
    let ending = try notebook.start(
      ["run", "n.md"], environment: ["FONTCONFIG_FILE": "\(notebook.folder.path)/fonts.conf"])()
    #expect(ending.code == 0)
    #expect(
      ending.errors.hasSuffix(
        """
        n.md:5:1: warning: fig-a can't be drawn: no font is installed, so no text can be drawn
          ```swift {#a}
          ^
          Install fonts: apt-get install fonts-noto-core fonts-noto-cjk

        """), "\(ending.errors)")
    #expect(try notebook.text("reports/n/index.html").contains("no font is installed"))
  }
}
