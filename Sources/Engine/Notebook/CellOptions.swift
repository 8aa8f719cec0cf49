import Core
import Yams

/// The options of a cell, from its attributes and its leading `//| key: value` lines. Names and defaults are
/// Quarto's.
package struct CellOptions: Codable, Hashable, Sendable {
  /// `fig-cap`: captions of the cell's charts, in order; a single one serves the first chart.
  package var figureCaptions: [String] = []
  /// `fig-alt`: alternative texts of the cell's charts, in place of the descriptions made from the data.
  package var figureAlternatives: [String] = []
  /// `tbl-cap`: captions of the cell's tables, in order.
  package var tableCaptions: [String] = []
  /// `echo`: whether the source is shown.
  package var echo = true
  /// `output`: whether printed and shown output appears in the report.
  package var output = true
  /// `error`: whether an error is expected and does not fail the run.
  package var error = false
  /// `include`: whether anything of the cell is shown.
  package var include = true
  /// `eval`: whether the cell is run.
  package var evaluate = true
  /// `depends`: files, folders and patterns of files that the cell reads without Labbook's loaders.
  package var depends: [String] = []
  /// `writes`: files that the cell writes. The cell runs again when one of them is missing or changed.
  package var writes: [String] = []
  /// `private`: whether the cell's results are left out of the report file.
  package var isPrivate = false
  /// `pinned`: whether the result outlives changes of Labbook and the compiler. Only `--fresh --cell` runs the cell
  /// again.
  package var pinned = false
  /// `timeout`, in seconds; nil where the run's own time limit holds.
  package var timeout: Double?
  /// The option `resources`: the resources that the cell requests as a job of a cluster.
  package var resources: CellResources?

  package init(
    figureCaptions: [String] = [], figureAlternatives: [String] = [], tableCaptions: [String] = [], echo: Bool = true,
    output: Bool = true, error: Bool = false, include: Bool = true, evaluate: Bool = true, depends: [String] = [],
    pinned: Bool = false, timeout: Double? = nil
  ) {
    self.figureCaptions = figureCaptions
    self.figureAlternatives = figureAlternatives
    self.tableCaptions = tableCaptions
    self.echo = echo
    self.output = output
    self.error = error
    self.include = include
    self.evaluate = evaluate
    self.depends = depends
    self.pinned = pinned
    self.timeout = timeout
  }
}

extension CellOptions {
  package static let names = [
    "fig-cap", "fig-alt", "tbl-cap", "echo", "output", "error", "include", "eval", "depends", "writes", "pinned",
    "private", "timeout", "resources",
  ]

  /// Sets the option `name` to a YAML value.
  /// - Throws: `NotebookError` for an unknown option and for a value of the wrong type.
  package mutating func set(_ name: String, to value: Yams.Node, at place: Place) throws {
    func flag() throws -> Bool {
      guard let flag = value.flag else { throw NotebookError("`\(name)` must be true or false", at: place) }
      return flag
    }
    func texts() throws -> [String] {
      if let scalar = value.scalar { return [scalar.string] }
      guard let sequence = value.sequence else { throw NotebookError("`\(name)` must be text or a list", at: place) }
      return sequence.map { $0.scalar?.string ?? "" }
    }
    switch name {
    case "fig-cap": figureCaptions = try texts()
    case "fig-alt": figureAlternatives = try texts()
    case "tbl-cap": tableCaptions = try texts()
    case "echo": echo = try flag()
    case "output": output = try flag()
    case "error": error = try flag()
    case "include": include = try flag()
    case "eval": evaluate = try flag()
    case "depends": depends = try texts()
    case "writes": writes = try texts()
    case "private": isPrivate = try flag()
    case "pinned": pinned = try flag()
    case "timeout":
      guard let seconds = value.scalar.flatMap({ Self.seconds($0.string) }) else {
        throw NotebookError("`timeout` must be a time such as 90s, 30m or 2h", at: place)
      }
      timeout = seconds
    case "resources":
      do throws(CellResources.Problem) {
        resources = try CellResources(value)
      } catch {
        throw NotebookError(error.message, at: place, remedy: error.remedy)
      }
    default:
      let near = nearestName(to: name, among: Self.names)
      throw NotebookError(
        "`\(name)` is not a cell option", at: place,
        remedy: near.map { "Did you mean `\($0)`?" } ?? "Known options: \(Self.names.joined(separator: ", ")).")
    }
  }

  /// The seconds that `90`, `90s`, `30m` or `2h` means; nil for other text and for times below 1 ms or above 366
  /// days.
  package static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number > 0 else { return nil }
    let seconds = number * (unit ?? 1)
    // More than a year is the same as no limit, and the runner can't measure less than a millisecond.
    return seconds.isFinite && seconds <= 366 * 86400 && seconds >= 0.001 ? seconds : nil
  }
}
