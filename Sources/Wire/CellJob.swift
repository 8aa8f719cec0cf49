import Foundation

/// The job of a cell's process. The runner writes it as JSON to the file that `LABBOOK_JOB` names.
package struct CellJob: Codable, Sendable {
  package var cell: String
  /// The number of the executable's cell that is to run; nil if the executable has only one.
  package var entry: Int?
  /// The blob paths of the inputs, by name.
  package var inputs: [String: Input]
  /// The folder for blobs of handed-on values.
  package var blobs: String
  /// The file that events are appended to.
  package var events: String
  package var seed: UInt64
  /// The parameters' values as a JSON object.
  package var parameters: Data
  /// The number of threads that the cell may keep busy.
  package var threads: Int
  /// The language of the report.
  package var language: String
  /// The lease that shows whether the runner lives; nil for a process without a runner.
  package var lease: CellLease?
  /// The folder where training stores its checkpoints, for this cell only.
  package var checkpoints: String
  /// The folder where training stores its results, for all cells.
  package var fits: String
  /// The points of sweeps that run in their own processes; nil if the cell runs them itself.
  package var points: Points?

  package struct Points: Codable, Hashable, Sendable {
    /// The folder of the points' results, for exactly this cell.
    package var folder: String
    /// The point that this process runs, as the index of its sweep within the cell and its own index within the
    /// sweep; nil for the cell's own process, which collects them.
    package var sweep: Int?
    package var index: Int?

    package init(folder: String, sweep: Int? = nil, index: Int? = nil) {
      self.folder = folder
      self.sweep = sweep
      self.index = index
    }
  }

  package struct Input: Codable, Sendable {
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  package init(
    cell: String, entry: Int?, inputs: [String: Input], blobs: String, events: String, seed: UInt64, parameters: Data,
    threads: Int,
    language: String, lease: CellLease?, checkpoints: String, fits: String
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
    self.lease = lease
    self.checkpoints = checkpoints
    self.fits = fits
  }
}

extension CellJob {
  /// A JSON encoder in the form that Labbook stores. The same value gives the same bytes.
  package static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// The decoder for the output of `encoder`.
  package static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
