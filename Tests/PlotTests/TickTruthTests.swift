import Foundation
import Testing

@testable import Plot

/// A tick's label is the exact value of the tick, not a rounded one.
@Suite struct TickTruthTests {
  /// The number in a label.
  private func value(of label: Phrase) -> Double? {
    var text = label.text(in: .english).replacing(",", with: "").replacing("−", with: "-")
    var factor = 1.0
    if text.hasSuffix("%") {
      text.removeLast()
      factor = 0.01
    }
    let superscripts: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    ]
    if let ten = text.range(of: "10", options: .backwards),
      text[ten.upperBound...].allSatisfy({ superscripts[$0] != nil }),
      ten.upperBound < text.endIndex
    {
      let exponent = Int(String(text[ten.upperBound...].compactMap { superscripts[$0] })) ?? 0
      let mantissa = text[..<ten.lowerBound].replacing("×", with: "")
      return (mantissa.isEmpty ? 1 : Double(mantissa) ?? .nan) * pow(10, Double(exponent)) * factor
    }
    return Double(text).map { $0 * factor }
  }

  @Test(arguments: [
    NumberFormat.automatic, .integer, .decimals(0), .decimals(1), .significant(2), .trimmed(2), .percent(0),
    .percent(1),
  ])
  func labelsOfRandomAxesAreExact(format: NumberFormat) throws {
    var random = TestGenerator(seed: 17)
    for round in 0..<400 {
      let low = (random.uniform() - 0.3) * pow(10, Double.random(in: -4...9, using: &random))
      // Doubles have about 15 digits.
      let high = low + max(1e-7 * abs(low), pow(10, Double.random(in: -5...9, using: &random)))
      let isLogarithmic = round.isMultiple(of: 3) && low > 0
      let axis = Axis(
        scale: isLogarithmic ? .logarithmic : .linear, extent: round.isMultiple(of: 2) ? .nice : .padded, format: format
      )
      let resolved = ResolvedAxis(axis, data: low...high, count: 6)
      for count in 2...8 {
        let ticks = resolved.ticks(count: count)
        let step = zip(ticks, ticks.dropFirst()).map { $1.value - $0.value }.min() ?? 0
        for tick in ticks {
          let said = try #require(value(of: tick.label), "\(tick.label.text(in: .english))")
          #expect(
            abs(said - tick.value) <= max(1e-5 * step, 1e-12 * abs(tick.value)),
            "\(tick.value) is called \(tick.label.text(in: .english)) on \(low)...\(high)")
        }
        #expect(Set(ticks.map { $0.label.text(in: .english) }).count == ticks.count)
      }
    }
  }

  /// The labels are exact for any frame and any size of the labels.
  @Test func equalAxesHaveEqualTicks() throws {
    var random = TestGenerator(seed: 4)
    for round in 0..<60 {
      let scale = pow(10, Double.random(in: -4...5, using: &random))
      let measured = (0..<30).map { _ in scale * (0.8 + 2.4 * random.uniform()) }
      let series = (0...round % 4).map { number in
        PredictionSeries(
          label: "\(number)", measured: measured, predicted: measured.map { $0 * (1 + 0.1 * random.normal()) })
      }
      let chart = Chart.predictedAgainstMeasured(series)
      let layout = ChartLayout(
        chart: chart, language: .english, shaper: try TextShaper(options: DrawingOptions()), amountLevels: nil,
        scene: Scene(size: chart.size))
      var panels = try PanelMeasures.all(in: layout)
      PanelGrid.place(
        &panels,
        in: Rectangle(left: 14, top: 60, right: chart.size.width - 14, bottom: chart.size.height - 14), chart: chart)
      let drawings = try panels.map { try PanelDrawing(layout: layout, measures: $0) }
      for drawing in drawings {
        #expect(drawing.xTicks == drawing.yTicks)
        #expect(drawing.xTicks.count >= 2)
        #expect(drawing.xTicks == drawings[0].xTicks)
      }
    }
  }

  @Test func ownTicksAreThinnedWhereTheyHaveNoRoom() {
    let axis = Axis(scale: .logarithmic, extent: .tight, ticks: [16, 32, 64, 128, 256, 5000])
    let resolved = ResolvedAxis(axis, data: 16...256, count: 6)
    #expect(resolved.ticks(count: 5).map { $0.label.text(in: .english) } == ["16", "32", "64", "128", "256"])
    #expect(resolved.ticks(count: 3).map(\.value) == [16, 64, 256])
  }
}

@Suite struct TimeTicksTests {
  @Test func civilTimeAgreesWithTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    var random = TestGenerator(seed: 2)
    for _ in 0..<2000 {
      // Dates from the year 1600 on, for which Foundation's calendar is Gregorian.
      let seconds = Double.random(in: -1.1e10...1e11, using: &random).rounded()
      let time = CivilTime(secondsSince1970: seconds)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: seconds))
      #expect(parts.year == time.year && parts.month == time.month && parts.day == time.day)
      #expect(parts.hour == time.hour && parts.minute == time.minute && parts.second == time.second)
      let midnight = CivilTime.seconds(year: time.year, month: time.month, day: time.day)
      #expect(seconds - midnight >= 0 && seconds - midnight < 86400)
    }
  }

  private func texts(_ low: Double, _ high: Double, _ count: Int, _ language: Language, weeksFrom: Double? = nil)
    -> [String]
  {
    TimeTicks(from: low, to: high, count: count, weeksFrom: weeksFrom).labels.map { $0.text(in: language) }
  }

  /// 16 November 2023 was a Thursday.
  private let start = CivilTime.seconds(year: 2023, month: 11, day: 16)

  @Test func weeksYearsAndHours() {
    let week = 7 * 86400.0
    #expect(
      texts(start, start + 8 * week, 9, .english, weeksFrom: start + 3600)
        == ["16 Nov\n2023", "23 Nov", "30 Nov", "7 Dec", "14 Dec", "21 Dec", "28 Dec", "4 Jan\n2024", "11 Jan"])
    #expect(texts(start, start + 3 * week, 5, .chinese) == ["11月20日\n2023年", "11月27日", "12月4日"])
    #expect(texts(start, start + 3600 * 12, 5, .english) == ["00:00\n16 Nov 2023", "03:00", "06:00", "09:00", "12:00"])
    #expect(
      texts(start, start + 6 * 365 * 86400, 7, .chinese) == ["2024年", "2025年", "2026年", "2027年", "2028年", "2029年"])
    #expect(texts(start, start + 150 * 86400, 6, .chinese) == ["12月\n2023年", "1月\n2024年", "2月", "3月", "4月"])
  }

  @Test func randomRangesHaveAscendingTicksInside() {
    var random = TestGenerator(seed: 9)
    for _ in 0..<500 {
      let low = Double.random(in: -5e9...5e9, using: &random)
      let high = low + pow(10, Double.random(in: 1...10, using: &random))
      let count = Int.random(in: 3...9, using: &random)
      let ticks = TimeTicks(from: low, to: high, count: count)
      #expect((1...count).contains(ticks.values.count), "\(low)...\(high)")
      #expect(ticks.values.allSatisfy { $0 >= low && $0 <= high })
      #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
