import Foundation
import Plot
import Testing

@Test(.enabled(if: ProcessInfo.processInfo.environment["LABBOOK_LOOK"] != nil))
func look() throws {
  let folder = URL(filePath: ProcessInfo.processInfo.environment["LABBOOK_LOOK"] ?? "/tmp/look")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  var total = 0
  for (name, chart) in SampleCharts.all {
    let isChinese = name.contains("two") || name.contains("eight") || name == "bars"
    let options = DrawingOptions(language: isChinese ? "zh-Hans" : "en")
    let start = ContinuousClock.now
    let png = try chart.png(scale: 2, theme: .light, options: options)
    let drawn = ContinuousClock.now
    try png.write(to: folder.appending(path: "\(name).png"))
    try chart.png(scale: 2, theme: .dark, options: options).write(to: folder.appending(path: "\(name)-dark.png"))
    let before = ContinuousClock.now
    let svg = try chart.svg(options: options)
    let after = ContinuousClock.now
    try Data(svg.utf8).write(to: folder.appending(path: "\(name).svg"))
    try chart.pdf(options: options).write(to: folder.appending(path: "\(name).pdf"))
    let json = try JSONEncoder().encode(chart)
    total += svg.utf8.count
    print(name, "svg", svg.utf8.count, "png", png.count, "json", json.count, drawn - start, after - before)
    print("   ", chart.description(language: options.language))
  }
  print("total svg", total)
}
