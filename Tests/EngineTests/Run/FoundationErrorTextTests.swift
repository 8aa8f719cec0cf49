import Foundation
import Testing

@testable import Engine

@Suite struct FoundationErrorTextTests {
  private func text(_ action: () throws -> Void) throws -> String {
    let error = #expect(throws: (any Error).self) { try action() }
    return FoundationErrorText.plain("\(try #require(error))")
  }

  @Test func commonMistakesInPlainWords() throws {
    #expect(
      try text { _ = try String(contentsOfFile: "/nowhere/a.csv", encoding: .utf8) }
        == "/nowhere/a.csv: there is no such file")
    #expect(
      try text { _ = try FileManager.default.contentsOfDirectory(atPath: "/nowhere") }
        == "/nowhere: there is no such file")
    #expect(
      try text { _ = try JSONSerialization.jsonObject(with: Data("{".utf8)) }
        == "the data is not in the correct format: Unexpected end of file during JSON parse")
    #expect(try text { throw POSIXError(.EACCES) } == "permission denied")
    #expect(try text { throw NSError(domain: "Own", code: 3) } == "Own 3")
    #expect(FoundationErrorText.plain("Index out of range") == "Index out of range")
  }

  private struct Pair: Decodable {
    var a: Int
    var b: [Int]
  }

  @Test(arguments: [
    ("{}", "the decoded data has no key \"a\""),
    (
      #"{"a": "x", "b": []}"#,
      "the decoded data has another form at a: expected to decode Int but found a string instead"
    ),
    (
      #"{"a": 1, "b": [1, null]}"#,
      "the decoded data has another form at b[1]: cannot get value of type Int -- found null value instead"
    ),
    ("{", "the decoded data has another form: the given data was not valid JSON"),
  ])
  func errorsOfDecoding(json: String, message: String) throws {
    #expect(try text { _ = try JSONDecoder().decode(Pair.self, from: Data(json.utf8)) } == message)
  }

  @Test func errorsOfEncoding() throws {
    #expect(
      try text { _ = try JSONEncoder().encode(Double.nan) }
        == "a value can't be encoded: unable to encode Double.nan directly in JSON")
  }
}
