import Foundation

/// Where the store has the executable of a program.
struct ProgramRecord: Codable, Sendable {
  /// The executable's name, which other programs may share.
  var executable: String
  /// Its content's SHA-256.
  var sha256: String
  /// Which of the executable's cells the program is; nil where it is the only one.
  var entry: Int?

  static let fileSuffix = ".program"
}

/// An executable, and which of its cells is meant.
struct CompiledProgram: Hashable, Sendable {
  var executable: URL
  var entry: Int?
}
