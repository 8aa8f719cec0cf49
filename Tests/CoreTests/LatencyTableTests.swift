import Testing

@testable import Core

@Suite struct LatencyTableTests {
  private static let head = "id,device,median_ms,runs\np0,cpu,1.5,3\n"

  @Test func takesTheRowsOfOneDevice() throws {
    let files = try TemporaryFiles(["l.csv": Self.head + "p0,gpu,0.5,3\np1,cpu,+2e0,3\np1,gpu,,3\n"])
    let table = try LatencyTable.read(files.path("l.csv"), device: "cpu")
    #expect(table.device == "cpu")
    #expect(table.unit == "ms")
    #expect(table.rows.map(\.id) == ["p0", "p1"])
    #expect(table.rows.map(\.latency) == [1.5, 2])
    #expect(table.rows.map(\.line) == [2, 4])
    #expect(try Dataset.devices(in: files.path("l.csv")) == ["cpu", "gpu"])
    #expect(try LatencyTable.read(files.path("l.csv"), device: "cpu", latencyColumn: "runs").unit == "")
  }

  @Test func tablesOfOneDeviceNeedNoColumnForIt() throws {
    let files = try TemporaryFiles(["l.csv": "arch,latency_us\r\n0,3.896706\r\n1,7.061713\r\n"])
    let table = try LatencyTable.read(files.path("l.csv"), device: "i7", latencyColumn: "latency_us")
    #expect(table.device == "i7")
    #expect(table.unit == "us")
    #expect(table.rows.map(\.id) == ["0", "1"])
    #expect(try Dataset.devices(in: files.path("l.csv")).isEmpty)
  }

  @Test func theOnlyDeviceNeedsNoName() throws {
    let files = try TemporaryFiles(["l.csv": Self.head])
    #expect(try LatencyTable.read(files.path("l.csv")).device == "cpu")
  }

  /// Each bad line is the third line of the file.
  @Test(arguments: [
    (
      "p1,cpu,,3",
      "l.csv:3:8: the latency of \"p1\" is missing\n  Complete the row, or remove it and the architecture."
    ),
    (
      "p1,cpu,0,3",
      "l.csv:3:8: the latency \"0\" of \"p1\" is not a positive number\n"
        + "  Remove the row and the architecture, or measure it again."
    ),
    (
      "p1,cpu,-1.5,3",
      "l.csv:3:8: the latency \"-1.5\" of \"p1\" is not a positive number\n"
        + "  Remove the row and the architecture, or measure it again."
    ),
    (
      "p1,cpu,fast,3",
      "l.csv:3:8: the latency \"fast\" of \"p1\" is not a number\n"
        + "  Write it like 2.7262, with a point and without a unit."
    ),
    (
      "p1,cpu,nan,3",
      "l.csv:3:8: the latency \"nan\" of \"p1\" is not a number\n"
        + "  Write it like 2.7262, with a point and without a unit."
    ),
    (
      "p1,cpu,0x10,3",
      "l.csv:3:8: the latency \"0x10\" of \"p1\" is not a number\n"
        + "  Write it like 2.7262, with a point and without a unit."
    ),
    (
      "p1,cpu,1e999,3",
      "l.csv:3:8: the latency \"1e999\" of \"p1\" is not a number\n"
        + "  Write it like 2.7262, with a point and without a unit."
    ),
    (
      "p1,cpu,\"2,5\",3",
      "l.csv:3:8: the latency \"2,5\" of \"p1\" is not a number\n"
        + "  Write it like 2.7262, with a point and without a unit."
    ),
    (
      "p0,cpu,1.6,3",
      "l.csv:3: \"p0\" has a latency on \"cpu\" already, in line 2\n  Remove one of the two rows."
    ),
    (",cpu,1.6,3", "l.csv:3:1: the id is missing\n  Complete the row."),
    (
      "p1,cpu",
      "l.csv:3: the row has 2 fields, the header 4\n  Complete the row, or put a field with a comma in quotes."
    ),
  ])
  func badRows(_ row: String, _ expected: String) throws {
    let files = try TemporaryFiles(["l.csv": Self.head + row + "\n"])
    #expect(try files.message { _ = try LatencyTable.read($0.path("l.csv"), device: "cpu") } == expected)
  }

  @Test func devicesAndColumnsThatAreNotThere() throws {
    let files = try TemporaryFiles([
      "l.csv": Self.head + "p0,gpu,0.5,3\n", "none.csv": "id,device,median_ms\n", "empty.csv": "",
      "name.csv": "model,median_ms\na,1\n",
    ])
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("l.csv"), device: "cpuu") } == """
        l.csv: the table has no device "cpuu"
          Did you mean "cpu"? The devices are "cpu", "gpu".
        """)
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("l.csv")) } == """
        l.csv: the latencies are of 2 devices
          Choose one with device:. The devices are "cpu", "gpu".
        """)
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("l.csv"), device: "cpu", latencyColumn: "mean_ms") } == """
        l.csv:1: there is no column "mean_ms"
          Did you mean "median_ms"? The columns are "id", "device", "median_ms", "runs". Name another by latencyColumn:.
        """)
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("name.csv")) } == """
        name.csv:1: there is no column "id"
          The columns are "model", "median_ms". Name another by idColumn:.
        """)
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("none.csv")) } == """
        none.csv: the table has no rows
          It needs a row for each architecture.
        """)
    #expect(
      try files.message { _ = try LatencyTable.read($0.path("empty.csv")) } == """
        empty.csv: the file is empty
          Its first line must name the columns.
        """)
  }
}
