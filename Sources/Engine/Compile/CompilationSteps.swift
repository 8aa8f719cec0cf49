import Foundation
import Wire

/// The commands that make an executable of a source file: what the Swift driver would start, asked of it once, so that
/// no driver need start for every cell.
package struct CompilationSteps: Codable, Hashable, Sendable {
  /// Each a program and its arguments, to be run in a folder that has the source.
  package var commands: [[String]]

  /// Stands for the folder in the arguments.
  private static let folderMark = "{folder}"

  /// What the last command would only start, the linker, to be tried in its place.
  package var linker: [String]?

  /// Asks the driver, or recalls what it said of these arguments.
  /// - Parameter arguments: Those of the driver, with the source and the executable by relative paths.
  package static func find(
    _ arguments: [String], toolchain: SwiftToolchain, cache: UserCache, store: Store
  ) async throws -> CompilationSteps {
    let environment = ["SDKROOT", "HOME"].map { ProcessInfo.processInfo.environment[$0] ?? "" }
    let identity = [toolchain.compiler, toolchain.version] + environment + arguments
    let record = "steps-\(SHA256.hex(identity.joined(separator: "\0")).prefix(12))"
    if let steps: CompilationSteps = cache.record(record) { return steps }
    let folder = try store.temporaryFolder("steps")
    defer { try? FileManager.default.removeItem(at: folder) }
    // The driver looks whether its inputs are there.
    for source in arguments where source.hasSuffix(".swift") {
      try Data().write(to: folder.appendingPathComponent(source))
    }
    let answer = try await Tool.run(toolchain.compiler, ["-###"] + arguments, in: folder)
    let path = folder.resolvingSymlinksInPath().path
    // A driver that answers otherwise still compiles.
    var steps =
      (answer.succeeded ? CompilationSteps(driverOutput: answer.output, folder: path) : nil)
      ?? CompilationSteps(commands: [[toolchain.compiler] + arguments])
    steps.linker = try await linker(behind: steps.commands[steps.commands.count - 1], in: folder)
    try? cache.setRecord(record, steps)
    return steps
  }

  package init(commands: [[String]], linker: [String]? = nil) {
    self.commands = commands
    self.linker = linker
  }

  /// - Parameters:
  ///   - driverOutput: A command in each line, quoted for a shell.
  ///   - folder: Where the driver was asked.
  /// - Returns: nil where the first command doesn't compile to an object in a temporary folder that the others read.
  package init?(driverOutput: String, folder: String) {
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

  /// What clang would start to link, asked of it with stand-ins for the files that it reads.
  private static func linker(behind command: [String], in folder: URL) async throws -> [String]? {
    guard command[0].hasSuffix("/clang") else { return nil }
    for word in command.dropFirst() where !word.hasPrefix("/") {
      // A file of arguments is read and replaced by them: one that stands for it tells where it goes.
      let argument = "-l\(responseMark)\(word.dropFirst())"
      if word.hasPrefix("@") {
        try Data(argument.utf8).write(to: folder.appendingPathComponent(String(word.dropFirst())))
      } else if word.hasSuffix(".o") {
        try Data().write(to: folder.appendingPathComponent(word))
      }
    }
    let answer = try await Tool.run(command[0], ["-###"] + command.dropFirst(), in: folder)
    return answer.succeeded ? linker(clangOutput: answer.output) : nil
  }

  private static let responseMark = "labbook-arguments-of:"

  /// - Parameter clangOutput: What clang says of itself, and below that the commands in which every word is quoted.
  /// - Returns: nil unless there is one command.
  package static func linker(clangOutput: String) -> [String]? {
    let lines = clangOutput.split(separator: "\n").filter { $0.hasPrefix(" \"") }
    guard lines.count == 1 else { return nil }
    return words(lines[0]).map {
      $0.hasPrefix("-l" + responseMark) ? "@" + $0.dropFirst(2 + responseMark.count) : $0
    }
  }

  /// Runs the commands in `folder`, up to the first that fails.
  /// - Parameter sandbox: Where they are run; nil for here.
  package func run(in folder: URL, sandbox: Sandbox? = nil) async throws -> Tool.Result {
    func run(_ command: [String]) async throws -> Tool.Result {
      let arguments = command.dropFirst().map { $0.replacingOccurrences(of: Self.folderMark, with: folder.path) }
      return try await Tool.run(command[0], Array(arguments), in: folder, sandbox: sandbox)
    }
    var output = ""
    for (number, command) in commands.enumerated() {
      if number == commands.count - 1, let linker, try await run(linker).succeeded { break }
      let result = try await run(command)
      output += result.output
      guard result.succeeded else { return Tool.Result(output: output, succeeded: false) }
    }
    return Tool.Result(output: output, succeeded: true)
  }

  /// The words of a shell command without variables: quotes and backslashes are taken off.
  package static func words(_ line: some StringProtocol) -> [String] {
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
