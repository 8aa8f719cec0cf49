import Foundation

/// Where the store has the executable of a program.
package struct ProgramRecord: Codable, Sendable {
  /// The executable's name, which other programs may share.
  package var executable: String
  /// Its content's SHA-256.
  package var sha256: String
  /// Which of the executable's cells the program is; nil where it is the only one.
  package var entry: Int?

  package static let fileSuffix = ".program"
}

/// An executable, and which of its cells is meant.
package struct CompiledProgram: Hashable, Sendable {
  package var executable: URL
  package var entry: Int?
}
