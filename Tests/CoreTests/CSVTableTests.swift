import Foundation
import Testing

@testable import Core

@Suite struct CSVTableTests {
  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\n1,2", [["1", "2"]]),
    ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
    ("a,b\r1,2\r", [["1", "2"]]),
    ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
    ("a,b\n\n1,2\n\n\n", [["1", "2"]]),
    ("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", [["1,5", "say \"hi\""]]),
    ("a,b\n\"two\nlines\",2\n", [["two\nlines", "2"]]),
    ("\"a\",b\n,\n", [["", ""]]),
    ("a,b\n 1 ,剪枝\n", [[" 1 ", "剪枝"]]),
    ("a,b\n", []),
  ])
  func rows(_ text: String, _ rows: [[String]]) throws {
    let table = try CSVTable(Data(text.utf8), file: "t.csv")
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.fields) == rows)
  }

  @Test func aMillionColumnsAreRead() throws {
    let names = (0..<1_000_000).map { "c\($0)" }
    let text = names.joined(separator: ",") + "\n" + names.map { _ in "1" }.joined(separator: ",") + "\n"
    let table = try CSVTable(Data(text.utf8), file: "t.csv")
    #expect(table.header.count == 1_000_000 && table.rows[0].fields.count == 1_000_000)
    let doubled = text.replacing("c999999", with: "c17")
    #expect(throws: InputError.self) { try CSVTable(Data(doubled.utf8), file: "t.csv") }
  }

  @Test(arguments: [
    ("", "t.csv: the file is empty\n  Its first line must name the columns."),
    (
      "a,b\n1,2\n3\n",
      "t.csv:3: the row has 1 field, the header 2\n  Complete the row, or put a field with a comma in quotes."
    ),
    (
      "a,b\n1,2,3\n",
      "t.csv:2: the row has 3 fields, the header 2\n  Complete the row, or put a field with a comma in quotes."
    ),
    ("a,b\n1,\"2\n3,4\n", "t.csv:2:3: the quote that begins here is never closed"),
    (
      "a,b\n\"剪枝\"x,2\n",
      "t.csv:2:5: a closing quote is followed by text\n  A quote inside a quoted field is written twice."
    ),
    (
      "a,b\n1,2\"3\n",
      "t.csv:2:4: an unquoted field contains a quote\n"
        + "  Put the whole field in quotes and write the inner quote twice."
    ),
    ("a,b,a\n", "t.csv:1:5: two columns have the name \"a\"\n  Rename one of them."),
  ])
  func malformed(_ text: String, _ expected: String) throws {
    #expect(try message { _ = try CSVTable(Data(text.utf8), file: "t.csv") } == expected)
  }

  @Test func otherEncodingsAreErrors() throws {
    let latin = Data("a,b\n1,caf".utf8) + [0xE9, 0x0A]
    #expect(
      try message { _ = try CSVTable(latin, file: "t.csv") } == """
        t.csv:2:3: the field is not UTF-8 text
          Save the file in the encoding UTF-8.
        """)
  }

  @Test func linesCountThroughQuotedLineEnds() throws {
    let table = try CSVTable(Data("a,b\n\"x\ny\",1\n3,4\n".utf8), file: "t.csv")
    #expect(table.rows.map(\.line) == [2, 4])
    #expect(table.place(of: table.rows[1], column: 1) == Place(file: "t.csv", line: 4, column: 3))
  }

  @Test func columns() throws {
    let table = try CSVTable(Data("arch,latency_ms\n0,1.5\n1,2.5\n".utf8), file: "t.csv")
    #expect(try table.column("latency_ms") == ["1.5", "2.5"])
    #expect(
      try message { _ = try table.column("latency_m") } == """
        t.csv:1: there is no column "latency_m"
          Did you mean "latency_ms"? The columns are "arch", "latency_ms".
        """)
  }

  /// Reading field by field, by row and by column.
  @Test func fieldsAreReadInAnyOrder() throws {
    let table = try CSVTable(Data("a,b\r\n\"x\"\"y\",2\r\n\r\n剪,\"枝\"\n".utf8), file: "t.csv")
    #expect(table.rows.count == 2)
    #expect(table.rows[1][1] == "枝" && table.rows[0][0] == "x\"y")
    #expect(try table.column("a") == ["x\"y", "剪"])
    #expect(table.place(of: table.rows[1], column: 1) == Place(file: "t.csv", line: 4, column: 3))
  }

  /// Comparing all pairs of names would take hours.
  @Test func manyColumns() throws {
    let names = (0..<200_000).map { "c\($0)" }
    let row = names.indices.map(String.init).joined(separator: ",")
    let table = try CSVTable(Data("\(names.joined(separator: ","))\n\(row)\n".utf8), file: "t.csv")
    #expect(table.header.count == 200_000)
    #expect(try table.column("c199999") == ["199999"])
  }
}
