/// The errors that several readers and writers report in the same words.
extension InputError {
  package static func notWritten(_ path: String) -> InputError {
    InputError(
      "the file can't be written", at: Place(file: path), remedy: "Check that the folder exists and can be written.")
  }

  /// - Parameter kind: What has the id, in the plural: "graphs".
  package static func twoWithID(_ id: String, _ kind: String) -> InputError {
    InputError("two \(kind) have the id \"\(id)\"", remedy: "Give each an id of its own.")
  }

  package static func twoDevices(named name: String) -> InputError {
    InputError("two devices have the name \"\(name)\"", remedy: "Give each a name of its own.")
  }

  /// - Parameter name: What has the size, in quotes: `the kernel "conv"`.
  static func invalidSize(of name: String) -> InputError {
    InputError(
      "a size of \(name) is below 1 or above \(Int32.max - 1)",
      remedy: "Give its nodes the sizes that they have in networks.")
  }

  static func idTaken(_ id: String, byLine line: Int) -> InputError {
    InputError(
      "the id \"\(id)\" is taken already by line \(line)", remedy: "Every architecture needs an id of its own.")
  }

  static let noID = InputError("the id is missing", remedy: "Complete the row.")

  /// - Parameter place: Where it has no latency: `on "pi4" in latency.csv`, and perhaps how many others have none.
  static func noLatency(of id: String, _ place: String) -> InputError {
    InputError(
      "\"\(id)\" has no latency \(place)", remedy: "Measure it, or use matching: .common to leave it out.")
  }

  /// - Parameter more: How many others have none, in brackets; may be empty.
  static func noArchitecture(of id: String, more: String = "") -> InputError {
    InputError(
      "\"\(id)\" has a latency, but no architecture\(more)",
      remedy: "Add the architecture, or use matching: .common to leave the latency out.")
  }
}
