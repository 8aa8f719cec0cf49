import Foundation

/// The location of a program's executable in the store.
package struct ProgramRecord: Codable, Sendable {
  /// The executable's file name. Several programs can share an executable.
  package var executable: String
  /// The executable's SHA-256.
  package var sha256: String
  /// The number of the executable's cell that is this program; nil where it is the only one.
  package var entry: Int?

  package static let fileSuffix = ".program"
}

/// An executable, and the number of the cell in it that is to run.
package struct CompiledProgram: Hashable, Sendable {
  package var executable: URL
  package var entry: Int?
}
