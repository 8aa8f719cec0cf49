import Foundation
import Plot
import Testing

/// Compares charts as pixels with the pictures in `Pictures/`.
///
/// `LABBOOK_RECORD_PICTURES=1 swift test --filter PictureTests` makes these pictures anew. `LABBOOK_PICTURES=folder`
/// writes every sample chart to that folder, at double scale in both themes, for inspection.
@Suite struct PictureTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Pictures")
  static let environment = ProcessInfo.processInfo.environment

  @Test(arguments: [
    ("loss-one-run", "en", "light"), ("loss-eight-runs", "zh-Hans", "dark"), ("errors-two", "zh-Hans", "light"),
    ("cumulative-three", "en", "dark"), ("predicted-two", "zh-Hans", "light"), ("bars", "zh-Hans", "light"),
    ("scatter", "en", "dark"), ("loss-seeds", "zh-Hans", "dark"), ("worst", "zh-Hans", "dark"),
    ("heat-map", "zh-Hans", "dark"), ("timeline", "zh-Hans", "dark"), ("ranks", "zh-Hans", "dark"),
    ("cell", "zh-Hans", "dark"),
  ])
  func looksAsRecorded(name: String, language: String, theme: String) throws {
    let sample = SampleCharts.all.first { $0.name == name }?.chart
    let chart = try sample ?? Gallery.chart(name)
    let drawn = try chart.png(
      scale: 1, theme: theme == "dark" ? .dark : .light, options: DrawingOptions(language: language))
    let recordedFile = Self.folder.appending(path: "\(name).png")
    if Self.environment["LABBOOK_RECORD_PICTURES"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try drawn.write(to: recordedFile)
      return
    }
    try Picture.expect(drawn, toLookLike: recordedFile, name: name)
  }

  @Test func differencesAreSeen() throws {
    let chart = try SampleCharts.named("bars")
    let options = DrawingOptions(language: "zh-Hans")
    let picture = try Picture(png: chart.png(scale: 1, options: options))
    #expect(picture.largestTileDifference(to: picture)?.difference == 0)
    var changed = chart
    changed.panels[0].layers[0].style.color = .series(2)
    let otherColor = try Picture(png: changed.png(scale: 1, options: options))
    #expect(try #require(picture.largestTileDifference(to: otherColor)).difference > Picture.tolerance)
    changed = chart
    changed.title = nil
    changed.size = chart.size
    let untitled = try Picture(png: changed.png(scale: 1, options: options))
    #expect(try #require(picture.largestTileDifference(to: untitled)).difference > Picture.tolerance)
    changed.size.height += 1
    #expect(picture.largestTileDifference(to: try Picture(png: changed.png(scale: 1, options: options))) == nil)
  }

  @Test(arguments: [1.0, 2, 1.5]) func scaleSetsThePixels(scale: Double) throws {
    let chart = try SampleCharts.named("histogram")
    let picture = try Picture(png: chart.png(scale: scale))
    #expect(picture.width == Int(chart.size.width * scale) && picture.height == Int(chart.size.height * scale))
  }

  @Test(.enabled(if: environment["LABBOOK_PICTURES"] != nil))
  func writePicturesToLookAt() throws {
    let folder = URL(filePath: Self.environment["LABBOOK_PICTURES"] ?? ".")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, chart) in SampleCharts.all {
      let isChinese = chart.outline().unicodeScalars.contains { $0.value >= 0x4E00 && $0.value < 0xA000 }
      let options = DrawingOptions(language: isChinese ? "zh-Hans" : "en")
      try chart.png(theme: .light, options: options).write(to: folder.appending(path: "\(name).png"))
      try chart.png(theme: .dark, options: options).write(to: folder.appending(path: "\(name)-dark.png"))
      try Data(chart.svg(options: options).utf8).write(to: folder.appending(path: "\(name).svg"))
      try chart.pdf(options: options).write(to: folder.appending(path: "\(name).pdf"))
    }
  }
}
