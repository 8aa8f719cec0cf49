import Foundation
import Plot
import Testing

/// Compares the gallery's page and pictures with what its code makes now.
///
/// `LABBOOK_GALLERY=1 swift test --filter GalleryTests` makes them anew. `LABBOOK_PICTURES=folder` writes every chart
/// to that folder, light and dark, in English and Chinese, for inspection.
@Suite(.serialized) struct GalleryTests {
  static let environment = ProcessInfo.processInfo.environment
  static let isRecording = environment["LABBOOK_GALLERY"] != nil

  @Test func pageShowsTheCode() throws {
    let text = try Gallery.pageText()
    if Self.isRecording {
      try text.write(to: Gallery.page, atomically: true, encoding: .utf8)
      return
    }
    #expect(
      try String(contentsOf: Gallery.page, encoding: .utf8) == text, "Documentation/gallery.md is stale: make gallery")
  }

  @Test(arguments: Gallery.entries.map(\.name))
  func picturesLookAsRecorded(name: String) throws {
    let drawn = try Gallery.chart(name).png()
    if Self.isRecording {
      let file = Gallery.picture(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try drawn.write(to: file)
      return
    }
    try Picture.expect(drawn, toLookLike: Gallery.picture(name), name: name)
  }

  @Test(.enabled(if: environment["LABBOOK_PICTURES"] != nil))
  func writePicturesToLookAt() throws {
    let folder = URL(filePath: Self.environment["LABBOOK_PICTURES"] ?? ".")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let wanted = Self.environment["LABBOOK_ONLY"]?.split(separator: ",").map(String.init)
    for entry in Gallery.entries where wanted?.contains(entry.name) ?? true {
      let chart = try Gallery.chart(entry.name)
      let chinese = DrawingOptions(language: "zh-Hans")
      try chart.png(scale: 1.5).write(to: folder.appending(path: "\(entry.name).png"))
      try chart.png(scale: 1.5, theme: .dark, options: chinese).write(
        to: folder.appending(path: "\(entry.name)-dark.png"))
      try chart.narrowed(to: 380)?.png(scale: 1.5, options: chinese)
        .write(to: folder.appending(path: "\(entry.name)-narrow.png"))
      try Data(chart.svg(theme: .light).utf8).write(to: folder.appending(path: "\(entry.name).svg"))
      print(chart.description(), chart.description(language: "zh-Hans"), try chart.svg().utf8.count)
    }
  }
}
