import Foundation
import Plot
import Testing

@Suite struct TableTests {
  let table = Table(
    columns: [
      "设置", .number("平均差距", unit: "ms", decimals: 4, better: .lower), .percent("精度", better: .higher),
      .integer("epochs"), "note",
    ],
    rows: [
      ["lr 0.001", 0.315224, 0.8192, 50, "a|b"], ["lr 0.0001", 0.2753, 0.84208, 250, nil],
      ["lr 0.01", Double.nan, 0.84211, 12500],
    ],
    caption: "八种设置")

  @Test func textsInTheColumnsFormats() {
    #expect(
      table.texts == [
        ["lr 0.001", "0.3152", "81.9%", "50", "a|b"], ["lr 0.0001", "0.2753", "84.2%", "250", "–"],
        ["lr 0.01", "NaN", "84.2%", "12,500", "–"],
      ])
    #expect(table.headings == ["设置", "平均差距 (ms)", "精度", "epochs", "note"])
  }

  @Test func headingsAndTextsStayInOneLineOfMarkdown() {
    let table = Table(columns: ["a\tb", "c\nd"], rows: [["e\tf", "g\r\nh"]])
    #expect(table.markdown() == "| a b | c<br>d |\n| --- | --- |\n| e f | g<br>h |\n")
  }

  @Test func bestValuesAreThoseThatLookBest() {
    #expect(table.bestRows(column: 1) == [1])
    #expect(table.bestRows(column: 2) == [1, 2])
    #expect(table.bestRows(column: 3) == [])
  }

  @Test func nothingIsBestWhereAllAreEqual() {
    let equal = Table(columns: [.number("x", decimals: 1, better: .lower)], rows: [[1.01], [1.02]])
    #expect(equal.bestRows(column: 0) == [])
  }

  @Test func numbersStandRight() {
    #expect((0..<5).map { table.alignment(column: $0) } == [.left, .right, .right, .right, .left])
  }

  @Test(arguments: [
    ([1, 2, 30], ["1", "2", "30"]), ([0.5, 12.25, 3], ["0.50", "12.25", "3.00"]),
    ([0.00012, 0.5], ["0.0001", "0.5000"]), ([1e-9, 1], ["1×10⁻⁹", "1"]),
  ])
  func automaticFormatAlignsDecimals(values: [Double], expected: [String]) {
    let table = Table(columns: ["x"], rows: values.map { [$0] })
    #expect(table.texts.map { $0[0] } == expected)
  }

  @Test func plainText() {
    #expect(
      table.plainText() == """
        八种设置

        设置       平均差距 (ms)    精度   epochs  note
        ─────────  ──────────────  ──────  ──────  ────
        lr 0.001          0.3152   81.9%       50  a|b
        lr 0.0001         0.2753*  84.2%*     250  –
        lr 0.01              NaN   84.2%*  12,500  –

        """)
  }

  @Test func markdown() {
    #expect(
      table.markdown() == #"""
        | 设置 | 平均差距 (ms) | 精度 | epochs | note |
        | --- | ---: | ---: | ---: | --- |
        | lr 0.001 | 0.3152 | 81.9% | 50 | a\|b |
        | lr 0.0001 | **0.2753** | **84.2%** | 250 | – |
        | lr 0.01 | NaN | **84.2%** | 12,500 | – |

        """#)
  }

  @Test func storedAndReadAgainItIsTheSame() throws {
    let read = try JSONDecoder().decode(Table.self, from: JSONEncoder().encode(table))
    #expect(read.texts == table.texts && read.columns == table.columns && read.caption == table.caption)
  }

  @Test func valuesBeyondTheColumnsAreLeftOut() {
    #expect(Table(columns: ["a"], rows: [["x", "y"], []]).texts == [["x"], ["–"]])
  }

  @Test func rowsOlderThanAColumnEndWithMissingValues() {
    var table = Table(columns: ["a"], rows: [["x"]])
    table.columns.append(Table.Column.integer("b", better: .lower).bars())
    table.append(["y", 2])
    #expect(table.texts == [["x", "–"], ["y", "2"]])
    #expect(table.bestRows(column: 1).isEmpty && table.alignment(column: 1) == .right)
    #expect(table.bar(row: 0, column: 1) == nil && table.bar(row: 1, column: 1) == 0...1)
    #expect(table.markdown().contains("| x | – |") && table.plainText().contains("–"))
  }

  @Test func barsBeginAtZeroAndShareAScale() {
    let table = Table(
      columns: [
        "device", Table.Column.number("latency", unit: "ms").bars(), Table.Column.percent("share").bars(), "plain",
      ],
      rows: [["a", 20, 0.5, 1], ["b", -5, 0.25, 2], ["c", nil, Double.nan, 3]])
    #expect(table.bar(row: 0, column: 1) == 0.2...1)
    #expect(table.bar(row: 1, column: 1) == 0...0.2)
    #expect(table.bar(row: 0, column: 2) == 0...0.5)
    #expect(table.bar(row: 1, column: 2) == 0...0.25)
    #expect(table.bar(row: 2, column: 1) == nil && table.bar(row: 2, column: 2) == nil)
    #expect(table.bar(row: 0, column: 3) == nil && table.bar(row: 0, column: 0) == nil)
  }

  @Test func barsOfNothingAreEmpty() {
    #expect(Table(columns: [.integer("x").bars()], rows: [[0], [0]]).bar(row: 0, column: 0) == 0...0)
  }
}
