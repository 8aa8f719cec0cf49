import Foundation
import Testing

@testable import Plot

/// Rules that every chart of the gallery follows, wide and narrow, in both languages.
@Suite struct SceneTests {
  static let variants = Gallery.entries.map(\.name).flatMap { name in
    [("en", false), ("en", true), ("zh-Hans", false), ("zh-Hans", true)].map { (name, $0.0, $0.1) }
  }

  private func scene(_ name: String, language: String, isNarrow: Bool) throws -> Scene {
    let wide = try Gallery.chart(name)
    return try ChartLayout.scene(
      of: isNarrow ? wide.narrowed(to: 380) ?? wide : wide, options: DrawingOptions(language: language))
  }

  private func texts(_ items: [Scene.Item]) -> [PlacedText] {
    items.flatMap { item -> [PlacedText] in
      switch item {
      case .text(let text): [text]
      case .clip(_, let items): texts(items)
      case .shape: []
      }
    }
  }

  @Test(arguments: variants)
  func textsStandInThePictureAndKeepClear(name: String, language: String, isNarrow: Bool) throws {
    let scene = try scene(name, language: language, isNarrow: isNarrow)
    let picture = Rectangle(left: 0, top: 0, right: scene.size.width, bottom: scene.size.height)
    let texts = texts(scene.items)
    #expect(!texts.isEmpty)
    for text in texts {
      #expect(text.frame.sharedArea(with: picture) > 0.98 * text.frame.area, "\(text.text.text) leaves the picture")
    }
    // A line's box has room above and below its letters, and this room may overlap.
    let inner = texts.map { text in
      Rectangle(
        left: text.frame.left + 1, top: text.frame.top + 4, right: text.frame.right - 1, bottom: text.frame.bottom - 4)
    }
    for first in inner.indices {
      for second in inner.indices.dropFirst(first + 1) where !texts[first].text.text.isEmpty {
        #expect(
          !inner[first].overlaps(inner[second]),
          "\"\(texts[first].text.text)\" covers \"\(texts[second].text.text)\"")
      }
    }
  }

  @Test func aHeatMapHasRoomForWrappedNamesOfColumns() throws {
    func panelHeight(_ columns: [String]) throws -> Double {
      let chart = Chart.heatMap(rows: ["2", "4", "6"], columns: columns, values: [[1, 2], [3, 4], [5, 6]])
      for case .clip(let frame, _) in try ChartLayout.scene(of: chart, options: DrawingOptions(language: "en")).items {
        return frame.bottom - frame.top
      }
      return 0
    }
    let name = "measured on the device with one thread, at the highest clock that it holds, for an hour, and once more"
    let height = try panelHeight(["16", "32"])
    #expect(height > 60)
    #expect(try panelHeight([name, "\(name) \(name)"]) > 0.9 * height)
  }

  private func circles(_ items: [Scene.Item]) -> Int {
    var count = 0
    for item in items {
      switch item {
      case .shape(let shape):
        if case .circles(let centers, _) = shape.geometry { count += centers.count }
      case .clip(_, let items): count += circles(items)
      case .text: break
      }
    }
    return count
  }

  /// The loss of one epoch, and values between gaps, which a line doesn't show.
  @Test(arguments: [
    (Chart.lossCurves([LossCurve(training: [0.5])]), 1), (Chart.line([1, 2, 3, 4, 5], [1, .nan, 2, .nan, 3]), 3),
    (Chart.line([1, 2, 3], [1, .nan, 0], y: Axis(scale: .logarithmic)), 1), (Chart.line([1, 2], [1, 2]), 0),
  ])
  func valuesBetweenGapsAreDots(chart: Chart, count: Int) throws {
    let scene = try ChartLayout.scene(of: chart, options: DrawingOptions())
    #expect(circles(scene.items) == count)
  }

  @Test func allChosenTicksOfCategoriesAreLabelled() throws {
    let axis = Axis(scale: .category(["a", "b", "c", "d", "e"]), ticks: [0, 2, 4])
    let chart = Chart(panels: [Panel(x: axis, layers: [Layer(.point(x: [0, 4], y: [1, 2]))])])
    let scene = try ChartLayout.scene(of: chart, options: DrawingOptions())
    let labels = texts(scene.items).map(\.text.text)
    for name in ["a", "c", "e"] { #expect(labels.contains(name)) }
    #expect(!labels.contains("b") && !labels.contains("d"))
  }

  /// A zero has no place on a logarithmic axis, but it hides no small values.
  @Test(arguments: [([0, 1e-6, 0.01, 1], 1e-6), ([0, 0.01, 1], 1e-3)])
  func logarithmicAxesReachTheLeastPositiveValue(values: [Double], start: Double) {
    let chart = Chart.line(values.indices.map { Double($0) }, values, y: Axis(scale: .logarithmic))
    let axis = PanelMeasures.resolvedAxes(of: chart, xCount: 6, yCount: 5)[0].y
    #expect(axis.low < start && axis.low > start / 2)
  }

  @Test func longTitlesWrap() throws {
    let title = "在随机划分、按剪枝层数分层与顺序划分三种方式下，四层六百单元的图卷积网络预测延时的平均精度随训练轮次与学习率的变化"
    let chart = Chart.line(
      [1, 2], [1, 2], title: .words(title), x: Axis("x"), y: Axis(.words(title + title), unit: "ms"))
    let texts = texts(try ChartLayout.scene(of: chart, options: DrawingOptions(language: "zh-Hans")).items)
    let wrapped = texts.filter { $0.text.text.hasPrefix(title) }
    #expect(wrapped.count == 2)
    for text in wrapped {
      #expect(text.frame.right <= 640 && text.text.height > 1.8 * text.text.size * 1.2)
    }
    #expect(wrapped[0].frame.bottom <= wrapped[1].frame.top + 1)
  }

  @Test(arguments: Gallery.entries.map(\.name))
  func describesItselfInBothLanguages(name: String) throws {
    let chart = try Gallery.chart(name)
    for language in ["en", "zh-Hans"] {
      let description = chart.description(language: language)
      #expect(description.count > 20 && !description.contains("{") && !description.contains("NaN"))
      #expect(description.hasSuffix(language == "en" ? "." : "。"))
    }
    #expect(try JSONDecoder().decode(Chart.self, from: JSONEncoder().encode(chart)) == chart)
  }

  @Test func narrowedCharts() throws {
    func size(_ name: String) throws -> Size? {
      try Gallery.chart(name).narrowed(to: 380)?.size
    }
    #expect(try size("network") == nil)
    #expect(try size("loss-one-run") == Size(width: 380, height: 304))
    #expect(try size("bars") == Size(width: 380, height: 180))
    #expect(try size("predicted") == Size(width: 380, height: 463))
    #expect(try Gallery.chart("bars").narrowed(to: 700)?.size.width == 640)
  }
}
