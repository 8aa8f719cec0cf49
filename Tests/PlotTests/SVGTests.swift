import Foundation
import Testing

@testable import Plot

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SVGTests {
  @Test(arguments: SampleCharts.all.map(\.name))
  func isWellFormedSmallAndTheSameEveryTime(name: String) throws {
    let chart = try SampleCharts.named(name)
    let svg = try chart.svg(options: DrawingOptions(language: "zh-Hans"))
    #expect(svg == (try chart.svg(options: DrawingOptions(language: "zh-Hans"))))
    #expect(svg.utf8.count < 64_000)
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  @Test func manyPointsStaySmall() throws {
    var random = TestGenerator(seed: 4)
    func values() -> [Double] { (0..<200_000).map { _ in random.normal() } }
    let scatter = try Chart.scatter(x: values(), y: values()).svg()
    #expect(scatter.utf8.count < 64_000)
    let line = try Chart.line(x: (0..<200_000).map(Double.init), y: values()).svg()
    #expect(line.utf8.count < 64_000)
  }

  @Test func pngAndPDFAreTheSameEveryTime() throws {
    let chart = try SampleCharts.named("loss-three-runs")
    #expect(try chart.png(scale: 1) == chart.png(scale: 1))
    #expect(try chart.pdf() == chart.pdf())
    #expect(try chart.pdf().starts(with: Data("%PDF-".utf8)))
  }

  @Test func idsOfDifferentChartsDiffer() throws {
    func ids(_ svg: String) -> Set<String> { Set(svg.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }) }
    let first = try SampleCharts.named("bars")
    var second = first
    second.title = "Another"
    let sets = [ids(try first.svg()), ids(try second.svg()), ids(try first.svg(identifier: "2"))]
    #expect(sets.allSatisfy { $0.count > 10 })
    #expect(sets[0].isDisjoint(with: sets[1]) && sets[0].isDisjoint(with: sets[2]))
  }

  @Test func referencesHaveTheirIds() throws {
    for (name, chart) in SampleCharts.all {
      let svg = try chart.svg()
      let ids = Set(svg.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) })
      let references = svg.matches(of: /(?:href="#|url\(#)([^")]+)/).map { String($0.output.1) }
      #expect(references.allSatisfy(ids.contains), "\(name)")
      #expect(svg.matches(of: /\sid="/).count == ids.count, "\(name) has an id twice")
    }
  }

  @Test func isAnImageWithTitleAndDescription() throws {
    let chart = Chart.line(x: [1, 2], y: [3, 5], title: "a < b & \"c\"")
    let svg = try chart.svg()
    #expect(svg.contains("role=\"img\" aria-labelledby=\""))
    #expect(svg.contains(">a &lt; b &amp; &quot;c&quot;</title>"))
    #expect(svg.contains(">a &lt; b &amp; &quot;c&quot;. x from 1 to 2, y from 3 to 5.</desc>"))
  }

  @Test func coloursAreCustomPropertiesOrAThemes() throws {
    let chart = try SampleCharts.named("scatter")
    let inline = try chart.svg()
    #expect(inline.contains("fill=\"var(--chart-ink,#1b1f24)\""))
    #expect(inline.matches(of: /="#[0-9a-f]{6}"/).isEmpty)
    let dark = try chart.svg(theme: .dark)
    #expect(!dark.contains("var(") && dark.contains("fill=\"#14171c\""))
  }

  @Test func pathsAreRelativeWholeNumbers() {
    var path = PathWriter(unit: 10)
    path.move(to: Point(x: 1, y: 2))
    path.line(to: Point(x: 3, y: 2))
    path.line(to: Point(x: 3, y: 1.96))
    path.line(to: Point(x: 3, y: 1))
    path.line(to: Point(x: 2.5, y: 1.5))
    path.line(to: Point(x: 4, y: 2))
    path.close()
    path.move(to: Point(x: 0, y: 0))
    path.line(to: Point(x: 1, y: 1))
    #expect(path.text == "M10 20h20v-10l-5 5 15 5zm-10-20 10 10")
  }

  @Test func verticesOfMarkersAreRelative() {
    var path = PathWriter(unit: 10)
    for point in [Point(x: 1, y: 1), Point(x: 2, y: 3), Point(x: 1, y: 3)] { path.vertex(point) }
    #expect(path.text == "M10 10l10 20-10 0")
  }
}
