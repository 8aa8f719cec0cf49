import Foundation
import TestSupport
import Testing

/// `labbook devices`, `measure` and `convert` as a user runs them.
@Suite(.waiting) struct MeasureCommandTests {
  private let notebook: TemporaryNotebook
  private let python: String

  init() throws {
    notebook = try TemporaryNotebook("")
    python = try notebook.addDevice()
    for name in ["a", "b"] { try notebook.write("run \(name)", to: "models/\(name).onnx") }
    try notebook.write("refuse", to: "bad/c.onnx")
    try notebook.write("no model", to: "empty/note.txt")
  }

  private static let quick = ["--rounds", "2", "--runs", "3", "--overhead", "90", "--repetitions", "0"]

  private func measure(_ arguments: String...) throws -> TemporaryNotebook.Ending {
    try notebook.start(["measure"] + arguments + Self.quick)()
  }

  /// The ids in a table.
  private func ids(_ table: String = "latency.csv") throws -> [String] {
    try notebook.text(table).split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) }
  }

  // MARK: Measure

  @Test func measuringWritesATableAndItsRounds() throws {
    let first = try measure("models", "--on", "pc")
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.errors.hasPrefix("0 % pc-ort-1t: connecting\n"))
    let end = "pc-ort-1t: the last round is over, 0 % of the estimates are precise enough; halves agree: "
    #expect(first.output.hasPrefix(end), "\(first.output)")
    #expect(first.output.contains(" of 2 models within 1 / 5 / 10 %; "))
    #expect(first.output.hasSuffix("latency.csv: 2 rows\n"))
    #expect(try notebook.text("latency.csv").hasPrefix("id,device,median_ms,"))
    #expect(try ids() == ["a", "b"])

    let compared = try notebook.labbook("measure", "--compare", "latency.rounds.jsonl.gz")
    #expect(compared.code == 0)
    let lines = compared.output.split(separator: "\n")
    #expect(lines.count == 10 && lines.allSatisfy { $0.hasPrefix("pc-ort-1t  ") })
    #expect(lines.first?.hasSuffix(" of 2 models within 1 / 5 / 10 %  median of the rounds' medians") == true)
  }

  @Test func earlierRoundsStayUnlessTheyAreToBeDeleted() throws {
    #expect(try measure("models/a.onnx", "--on", "pc-ort-1t", "-o", "t/l.csv").output.hasSuffix("t/l.csv: 1 row\n"))
    let second = try measure("models/b.onnx", "--on", "pc", "-o", "t/l.csv")
    #expect(second.errors.contains("note: the table leaves out a model that was measured into it before. "))
    #expect(try ids("t/l.csv") == ["b"])
    let both = try measure("models", "--on", "pc", "-o", "t/l.csv")
    #expect(!both.errors.contains("note: "))
    #expect(try ids("t/l.csv") == ["a", "b"])
    let fresh = try measure("models/b.onnx", "--on", "pc", "-o", "t/l.csv", "--fresh")
    #expect(fresh.code == 0 && !fresh.errors.contains("note: "), "\(fresh.errors)")
    #expect(try ids("t/l.csv") == ["b"])
  }

  @Test func modelsThatAllFailAreAFailure() throws {
    let some = try measure("models", "bad", "--on", "pc")
    #expect(some.code == 0)
    #expect(some.errors.hasSuffix("c on pc-ort-1t: no kernel for the operator Fold(18)\n"))
    #expect(some.output.hasSuffix("latency.csv: 3 rows, 1 without a latency\n"))
    let all = try measure("bad", "--on", "pc", "-o", "bad.csv")
    #expect(all.code == 1)
    #expect(all.output.hasSuffix("bad.csv: 1 row, 1 without a latency\n"))
  }

  @Test func aRuntimeThatIsMissingIsTold() throws {
    try notebook.addDevice(version: nil)
    let ending = try measure("models", "--on", "pc")
    #expect(ending.code == 2)
    #expect(
      ending.errors.hasPrefix("0 % pc-ort-1t: connecting\nerror: \"pc\" has no ONNX Runtime\n  Install it: "),
      "\(ending.errors)")
    #expect(!FileManager.default.fileExists(atPath: notebook.folder.appendingPathComponent("latency.csv").path))
  }

  // MARK: Devices

  @Test func devicesAreListedWithTheirProblems() throws {
    let listed = try notebook.labbook("devices")
    #expect(listed.code == 0 && listed.errors.isEmpty)
    #expect(listed.output.hasPrefix("pc (this machine)\n  "))
    #expect(listed.output.contains("\n  pc-ort-1t: ONNX Runtime 1.32.0, 1 thread\n"))

    try notebook.addDevice(version: nil)
    let lacking = try notebook.labbook("devices", "pc")
    #expect(lacking.code == 1)
    #expect(lacking.output.contains("\n  pc-ort-1t: ONNX Runtime is missing, 1 thread\n"))
    #expect(lacking.output.contains("\n  to install ONNX Runtime: \(python) -m "))

    try notebook.write("pc: {python: /no/such/python}\n", to: "other.yaml")
    let absent = try notebook.labbook("devices", "--file", "other.yaml")
    let text = """
      pc (this machine)
        "pc": /no/such/python doesn't exist on this machine
        Install Python (sudo apt install python3-venv), or set `python:` in devices.yaml.

      """
    #expect(absent == (output: text, errors: "", code: 1))
  }

  @Test func cleanRemovesTheModelsOfMeasurements() throws {
    #expect(try measure("models", "--on", "pc").code == 0)
    for count in [2, 0] {
      let cleaned = try notebook.labbook("devices", "pc", "--clean")
      #expect(cleaned == (output: "pc: removed \(count) files, 0.0 MB\n", errors: "", code: 0))
    }
  }

  // MARK: Convert

  @Test func convertingShowsItsProgressAndWritesFiles() throws {
    func convert(_ models: String...) throws -> TemporaryNotebook.Ending {
      try notebook.start(["convert"] + models + ["--to", "MNN", "--python", python, "-o", "out"])()
    }
    let lacking = try convert("models")
    #expect(lacking.code == 2)
    #expect(lacking.errors.hasPrefix("error: \(python) has no MNN\n  Install it: \(python) -m "), "\(lacking.errors)")
    try notebook.install("MNN", "3.6.1", module: "_tools", Self.converter)
    try notebook.write("", to: "site/numpy.py")
    let some = try convert("models", "bad")
    #expect(some.code == 0)
    #expect(some.output == "out: 2 files for MNN\n")
    #expect(some.errors.hasPrefix("0 % 0 of 3 models are done\n"), "\(some.errors)")
    #expect(some.errors.hasSuffix("c: there is no operator Fold\n"))
    #expect(try notebook.text("out/a.mnn") == "MNN run a")
    let none = try convert("bad")
    #expect(none.code == 1)
    #expect(none.output == "out: 0 files for MNN\n")
  }

  /// Copies models. MNN's real converter has the same arguments.
  private static let converter = """
    def mnnconvert(arguments):
        source, target = (arguments[arguments.index(name) + 1] for name in ("--modelFile", "--MNNModel"))
        with open(source) as file:
            text = file.read()
        if "refuse" in text:
            raise ValueError("there is no operator Fold")
        with open(target, "w") as file:
            file.write("MNN " + text)
    """

  // MARK: Errors

  static let mistakes: [(arguments: [String], text: String)] = [
    (["measure", "--on", "pc"], "Error: name a folder of models, or models\n"),
    (["measure", "models"], "Error: --on names the device, as labbook devices lists it\n"),
    (["measure", "models", "--on", "pc", "--rounds", "0"], "Error: --rounds must be 1 or more\n"),
    (
      ["measure", "models", "--on", "pc", "--budget", "soon"],
      "Error: --budget must be a time such as 90s, 30m or 2h\n"
    ),
    (["measure", "models", "--on", "pc", "--limit", "soon"], "Error: --limit must be a time such as 90s or 5m\n"),
    (["measure", "models", "--on", "pc", "--runs", "0"], "error: runs must be from 1 to 10000\n"),
    (["measure", "models", "--on", "pc", "--precision", "100"], "error: the precision must lie between 0 and 1\n"),
    (
      ["measure", "models", "--on", "pi"],
      "error: the device \"pi\" is unknown\n  Did you mean \"pc\"? The devices are \"pc\", \"pc-ort-1t\".\n"
    ),
    (["measure", "models", "--on", "pc", "-f", "none.yaml"], "none.yaml: error: there is no such file\n"),
    (["measure", "none.onnx", "--on", "pc"], "none.onnx: error: there is no such file\n"),
    (["measure", "empty", "--on", "pc"], "empty: error: the folder has no .onnx files\n"),
    (
      ["measure", "models", "models/a.onnx", "--on", "pc"],
      "models/a.onnx: error: two models have the id \"a\"\n"
    ),
    (
      ["measure", "--compare", "none.rounds.jsonl.gz"],
      "none.rounds.jsonl.gz: error: the file has no rounds\n  Give a file that ends in .rounds.jsonl.gz.\n"
    ),
    (["devices", "pi"], "error: the device \"pi\" is unknown\n  Did you mean \"pc\"? "),
    (["devices", "-f", "none.yaml"], "none.yaml: error: there is no such file\n"),
    (["devices", "pi", "--clean"], "error: the device \"pi\" is unknown\n"),
    (["convert", "--to", "mnn"], "Error: Missing expected argument "),
    (
      ["convert", "models", "--to", "onnx"],
      "error: the runtime \"onnx\" is unknown\n"
        + "  The runtimes are \"onnxruntime\", \"mnn\", \"ncnn\", \"litert\", \"onednn\".\n"
    ),
    (
      ["convert", "models", "--to", "onnxruntime"],
      "error: ONNX Runtime reads ONNX files as they are\n  Convert to mnn, ncnn or litert.\n"
    ),
    (["convert", "none.onnx", "--to", "mnn"], "none.onnx: error: there is no such file\n"),
    (["convert", "models", "--to", "mnn", "--limit", "soon"], "Error: --limit must be a time such as 90s or 10m\n"),
    (
      ["convert", "models", "--to", "mnn", "--python", "/no/such/python"],
      "error: \"here\": /no/such/python doesn't exist on this machine\n  Install Python "
    ),
  ]

  @Test(arguments: mistakes)
  func errors(arguments: [String], text: String) throws {
    let ending = try notebook.start(arguments)()
    #expect(ending.errors.hasPrefix(text), "\(ending.errors)")
    #expect(ending.output.isEmpty)
    #expect(ending.code == 2)
  }
}
