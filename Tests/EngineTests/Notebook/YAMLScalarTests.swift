import Testing
import Yams

@testable import Engine

@Suite struct YAMLScalarTests {
  @Test(
    arguments: [
      ("1:30", .text("1:30")), ("010", .integer(10)), ("0o10", .integer(8)), ("0x1F", .integer(31)),
      ("NO", .text("NO")),
      ("on", .text("on")), ("True", .boolean(true)), ("1_000", .text("1_000")), ("1.10", .number(1.1)),
      (".5", .number(0.5)),
      ("5.", .number(5)), ("-1.e3", .number(-1000)), ("1e3", .number(1000)), (".inf", .number(.infinity)),
      ("-.INF", .number(-.infinity)), ("1e400", .outOfRange("Double")), ("9223372036854775808", .outOfRange("Int")),
      ("0b11", .text("0b11")), ("2023-11-16", .text("2023-11-16")), ("~", .null), ("", .null), ("+", .text("+")),
    ] as [(String, YAMLScalar)])
  func isReadAsYAML12SaysItIs(text: String, value: YAMLScalar) {
    #expect(YAMLScalar(Yams.Node.Scalar(text)) == value)
    #expect(YAMLScalar(Yams.Node.Scalar(text, .implicit, .doubleQuoted)) == .text(text))
  }

  @Test(
    arguments: [
      ("1.10", "1.1"), ("0.50", "0.5"), ("-2.00", "-2.0"), ("007", "7"), ("-010", "-10"), ("00.5", "0.5"),
      ("1.10e3", "1100.0"), ("0.1234567890123456789", "0.12345678901234568"),
      ("3.14159265358979323846", "3.141592653589793"),
      ("1.1", nil), ("1.0", nil), ("5.", nil), (".5", nil), ("0", nil), ("-0", nil), ("0.0", nil), ("10", nil),
      ("1e-3", nil), ("1e5", nil), ("+5", nil), ("0x1F", nil), ("0o10", nil), (".inf", nil), (".nan", nil),
      ("123456789.123456", nil), ("0.30000000000000004", nil), ("1.10.0", nil), ("2023-11-10", nil), ("010a", nil),
      ("true", nil),
    ] as [(String, String?)])
  func lostDigitsAreNoticed(text: String, shown: String?) {
    #expect(YAMLScalar.lossyText(Yams.Node.Scalar(text)) == shown)
    #expect(YAMLScalar.lossyText(Yams.Node.Scalar(text, .implicit, .doubleQuoted)) == nil)
  }

  @Test func lostDigitsAreWarnedOf() throws {
    let yaml = "params:\n  version: 1.10\n  codes: [12, 007]\n  depth: {a: 0.50}\n  name: \"1.10\""
    var notebook = try Notebook(source: "---\n\(yaml)\n---\n", file: "n.md")
    let found = notebook.warnings.map { $0.text() }
    #expect(
      found == [
        """
        n.md:3:12: warning: the parameter `version`: 1.10 is the number 1.1
          If it is a version or a code, put it in quotes: "1.10". Otherwise write 1.1.
        """,
        """
        n.md:4:15: warning: the parameter `codes`: 007 is the number 7
          If it is a version or a code, put it in quotes: "007". Otherwise write 7.
        """,
        """
        n.md:5:14: warning: the parameter `depth`: 0.50 is the number 0.5
          If it is a version or a code, put it in quotes: "0.50". Otherwise write 0.5.
        """,
      ])
    try notebook.setParameters(["version=1.20", "name=1.20"], file: nil)
    #expect(
      notebook.warnings.dropFirst(3).map { $0.text() } == [
        """
        warning: the parameter `version`: 1.20 is the number 1.2
          The front matter's value is a number. If it is a version or a code, write it in quotes there.
        """
      ])
  }

  @Test(arguments: [
    ("v: .inf", "Double", "\"inf\"", ".infinity"), ("v: .nan", "Double", "\"nan\"", ".nan"),
    ("v: \"\\u0001\\e\"", "String", "\"\\u0001\\u001b\"", "\"\\u{1}\\u{1b}\""),
    ("v: [1, 2]", "[Int]", "[1, 2]", "[1, 2]"), ("v: [1, 2.5]", "[Double]", "[1.0, 2.5]", "[1.0, 2.5]"),
    ("v: {a: 1, b: 2}", "[String: Int]", "{\"a\": 1, \"b\": 2}", "[\"a\": 1, \"b\": 2]"),
    ("v: [[1], [2.5]]", "[[Double]]", "[[1.0], [2.5]]", "[[1.0], [2.5]]"),
    ("v: 2023-11-16", "String", "\"2023-11-16\"", "\"2023-11-16\""),
  ])
  func everyTextAndNumberReachesACell(yaml: String, type: String, json: String, swift: String) throws {
    let notebook = try Notebook(source: "---\nparams:\n  \(yaml)\n---\n", file: "n.md")
    let parameter = try #require(notebook.frontMatter.parameters.first)
    #expect(parameter.type == type && parameter.json == json && parameter.swift == swift)
    // The YAML that labbook new writes is read as the same value.
    let again = try Notebook(source: "---\nparams:\n  v: \(parameter.yaml)\n---\n", file: "n.md")
    #expect(again.frontMatter.parameters.first?.swift == swift)
  }

  @Test(arguments: [
    (
      "params:\n  v: 1e400",
      "n.md:3:6: error: the parameter `v`: 1e400 is too large for a Double\n  Write .inf, or a text."
    ),
    ("params:\n  v:", "n.md:3:5: error: the parameter `v` has no value\n  Write \"\" for an empty text."),
    (
      "params:\n  v: []",
      "n.md:3:6: error: the parameter `v` is empty, so its type is unknown\n  Give it at least one value."
    ),
    (
      "params:\n  v: [a, 1]",
      "n.md:3:10: error: the values of the parameter `v` must be of one type: this is of type Int, others are of "
        + "type String\n"
        + "  Put it in quotes to make it a text."
    ),
    ("title: Week 3: nets", "  Put the value in quotes: title: \"Week 3: nets\""),
    ("title: *bold*", "  Put the value in quotes: title: \"*bold*\""),
    ("params:\n\tv: 1", "  Indent with spaces: YAML allows no tabs."),
  ])
  func errorsHaveAPlaceAndAWayOut(yaml: String, text: String) {
    let error = #expect(throws: NotebookError.self) { try Notebook(source: "---\n\(yaml)\n---\n", file: "n.md") }
    #expect(error?.diagnostics[0].text().hasSuffix(text) == true, "\(error?.diagnostics[0].text() ?? "")")
  }
}
