@_spi(Runner) import Cell
import Foundation

/// The commands that make an executable of a source file: what the Swift driver would start, asked of it once, so that
/// no driver need start for every cell.
struct CompilationSteps: Codable, Hashable, Sendable {
  /// Each a program and its arguments, to be run in a folder that has the source.
  var commands: [[String]]

  /// Stands for the folder in the arguments.
  private static let folderMark = "{folder}"

  /// Asks the driver, or recalls what it said of these arguments.
  /// - Parameter arguments: Those of the driver, with the source and the executable by relative paths.
  static func find(_ arguments: [String], toolchain: SwiftToolchain, store: Store) async throws -> CompilationSteps {
    let key = SHA256.hex(([toolchain.version] + arguments).joined(separator: "\0"))
    if let steps: CompilationSteps = store.record("checks/\(key)") { return steps }
    let folder = try store.temporaryFolder("steps")
    defer { try? FileManager.default.removeItem(at: folder) }
    // The driver looks whether its inputs are there.
    for source in arguments where source.hasSuffix(".swift") {
      try Data().write(to: folder.appendingPathComponent(source))
    }
    let answer = try await Tool.run(toolchain.compiler, ["-###"] + arguments, in: folder)
    let steps =
      answer.succeeded
      ? CompilationSteps(driverOutput: answer.output, folder: folder.resolvingSymlinksInPath().path) : nil
    // A driver that answers otherwise still compiles.
    let found = steps ?? CompilationSteps(commands: [[toolchain.compiler] + arguments])
    try? store.setRecord("checks/\(key)", found)
    return found
  }

  private init(commands: [[String]]) {
    self.commands = commands
  }

  /// - Parameters:
  ///   - driverOutput: A command in each line, quoted for a shell.
  ///   - folder: Where the driver was asked.
  /// - Returns: nil where the first command doesn't compile to an object in a temporary folder that the others read.
  init?(driverOutput: String, folder: String) {
    let lines = driverOutput.split(separator: "\n").map { Self.words($0) }
    guard let first = lines.first, let output = first.lastIndex(of: "-o"), output + 1 < first.count, lines.count > 1
    else { return nil }
    let temporary = URL(fileURLWithPath: first[output + 1]).deletingLastPathComponent().path + "/"
    guard temporary.count > 2, lines.dropFirst().contains(where: { $0.contains(first[output + 1]) }) else { return nil }
    commands = lines.map { words in
      words.map {
        $0.replacingOccurrences(of: temporary, with: "").replacingOccurrences(of: folder, with: Self.folderMark)
      }
    }
  }

  /// Runs the commands in `folder`, up to the first that fails.
  func run(in folder: URL) async throws -> Tool.Result {
    var output = ""
    for command in commands {
      let arguments = command.dropFirst().map { $0.replacingOccurrences(of: Self.folderMark, with: folder.path) }
      let result = try await Tool.run(command[0], Array(arguments), in: folder)
      output += result.output
      guard result.succeeded else { return Tool.Result(output: output, succeeded: false) }
    }
    return Tool.Result(output: output, succeeded: true)
  }

  /// The words of a shell command without variables: quotes and backslashes are taken off.
  static func words(_ line: some StringProtocol) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character.isWhitespace {
        if let finished = word { words.append(finished) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let finished = word { words.append(finished) }
    return words
  }
}
