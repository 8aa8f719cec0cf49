import Foundation
import Testing

@testable import Plot

@Suite struct ValuesTests {
  @Test(arguments: [
    [1, 2, 3, 4], [0.25, 0.5], [], [.nan, 1, .infinity], [1_700_000_000.5, 1_700_000_001.25, 1_700_000_007],
    [0.1, 0.7, 0.3], [1e300, 1], [1e-60, 5e-60, 2e-60], [0, 1e-60, 1],
  ])
  func storedAndReadAgainTheyAreEqual(numbers: [Double]) throws {
    let values = Values(numbers)
    let read = try JSONDecoder().decode(Values.self, from: JSONEncoder().encode(values))
    #expect(read.storage == values.storage || numbers.contains { $0.isNaN })
    #expect(read.count == numbers.count)
    for (number, value) in zip(numbers, read) {
      #expect(number.isNaN ? value.isNaN : number == value || abs(value / number - 1) < 1e-6)
    }
  }

  @Test func anEvenSequenceIsThreeNumbers() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(Values(1...500)), as: UTF8.self)
    #expect(text == #"{"count":500,"from":1,"step":1}"#)
  }

  @Test func closeLargeValuesKeepTheirDifferences() {
    let values = Values([1_700_000_000.5, 1_700_000_001.25])
    #expect(values[1] - values[0] == 0.75)
  }

  @Test(arguments: [
    (#"{"float32":"AAA="}"#, "2 bytes are not whole numbers of 4 bytes"),
    (#"{"from":0,"step":1,"count":-1}"#, "negative count"),
    (#"{"from":0,"step":1,"count":9000000000000}"#, "9000000000000 values are too many"),
  ])
  func damagedValuesAreErrors(json: String, expected: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Values.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription == expected)
  }
}

@Suite struct PhraseTests {
  @Test func termsAreFilledInTheReadersLanguage() {
    let phrase = Phrase(.bestEpoch, .number(241, .integer), .number(0.0312, .significant(3)))
    #expect(phrase.text(language: "en-GB") == "best: epoch 241, 0.0312")
    #expect(phrase.text(language: "zh-Hans-CN") == "最佳：第 241 轮，0.0312")
    #expect(Phrase("own {0} words").text(language: "zh") == "own {0} words")
  }

  @Test func placesWithinInsertedTextsStay() {
    let phrase = Phrase(.named, .phrase("h_{1}"), .phrase("{0} and {x}"))
    #expect(phrase.text(in: .english) == "h_{1}: {0} and {x}")
  }

  /// JSON has a limited number of levels.
  @Test func longListsAreStoredAndReadAgain() throws {
    for count in [0, 1, 64, 65, 1000] {
      let words = (0..<count).map { "w\($0)" }
      let phrase = Phrase.list(words.map { .words($0) })
      #expect(phrase.text(in: .english) == words.joined(separator: ", "))
      #expect(try JSONDecoder().decode([Phrase].self, from: JSONEncoder().encode([phrase])) == [phrase])
    }
  }

  @Test(arguments: Term.allCases)
  func bothLanguagesHaveTheSamePlaces(term: Term) {
    func places(_ text: String) -> [String] { text.matches(of: /\{\d\}/).map { String($0.output) }.sorted() }
    #expect(places(term.english) == places(term.chinese))
    #expect(!term.chinese.isEmpty && !term.english.isEmpty)
  }

  @Test func wordsAreStoredAsTheyAre() throws {
    #expect(String(decoding: try JSONEncoder().encode(["轮" as Phrase]), as: UTF8.self) == #"["轮"]"#)
    let phrase = Phrase(.medianValue, .number(0.5, .percent(1))).named("a")
    #expect(try JSONDecoder().decode(Phrase.self, from: JSONEncoder().encode(phrase)) == phrase)
  }
}

@Suite struct ThemeTests {
  @Test(arguments: [Theme.light, .dark])
  func textsStandOutFromThePaper(theme: Theme) {
    for color in theme.seriesText + [theme.ink, theme.muted] { #expect(color.contrast(to: theme.paper) >= 4.5) }
    for color in theme.series { #expect(color.contrast(to: theme.paper) >= 1.9) }
    #expect(theme.series.count == Theme.seriesCount && Set(theme.series).count == Theme.seriesCount)
  }

  @Test func contrastOfBlackAndWhite() {
    #expect(abs(RGB(0xFFFFFF).contrast(to: RGB(0x000000)) - 21) < 1e-9)
  }

  @Test func customProperties() {
    let css = Theme.dark.customProperties
    #expect(css.hasPrefix("--chart-paper:#14171c;--chart-ink:#e8eaed;"))
    #expect(css.split(separator: ";").count == 72)
  }
}
