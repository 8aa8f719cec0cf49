import Foundation
import Testing

@testable import Engine

@Suite struct FoundationErrorTextTests {
  @Test func commonMistakesInPlainWords() throws {
    let error = #expect(throws: (any Error).self) { try String(contentsOfFile: "/nowhere/a.csv", encoding: .utf8) }
    #expect(FoundationErrorText.plain("\(try #require(error))") == "/nowhere/a.csv: there is no such file")
    #expect(FoundationErrorText.plain("Index out of range") == "Index out of range")
  }

}
