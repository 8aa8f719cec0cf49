import Foundation

/// What the runner asks a cell's process to do: written as JSON to the file that `LABBOOK_JOB` names.
@_spi(Runner) public struct CellJob: Codable, Sendable {
  public var cell: String
  /// Which of its executable's cells it is; nil where the executable has but one.
  public var entry: Int?
  /// Blob paths by input name.
  public var inputs: [String: Input]
  /// The folder for blobs of handed-on values.
  public var blobs: String
  /// The file that events are appended to.
  public var events: String
  public var seed: UInt64
  /// The parameters' values as a JSON object.
  public var parameters: Data
  /// How many threads the cell may keep busy.
  public var threads: Int
  /// The language of the report.
  public var language: String
  /// The runner's process: without it the cell's work would be nobody's.
  public var runner: Int32
  /// The folder where training keeps its state, for this very cell.
  public var checkpoints: String
  /// The folder where sweeps keep their points' results, for all cells.
  public var sweeps: String

  public struct Input: Codable, Sendable {
    public var path: String
    public var sha256: String

    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  public init(
    cell: String, entry: Int?, inputs: [String: Input], blobs: String, events: String, seed: UInt64, parameters: Data,
    threads: Int,
    language: String, runner: Int32, checkpoints: String, sweeps: String
  ) {
    self.cell = cell
    self.entry = entry
    self.inputs = inputs
    self.blobs = blobs
    self.events = events
    self.seed = seed
    self.parameters = parameters
    self.threads = threads
    self.language = language
    self.runner = runner
    self.checkpoints = checkpoints
    self.sweeps = sweeps
  }
}

extension CellJob {
  /// JSON as Labbook stores it: the same value gives the same bytes.
  public static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// Reads what `encoder` wrote.
  public static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
