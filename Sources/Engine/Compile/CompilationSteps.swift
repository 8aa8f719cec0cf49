import Foundation
import Wire

/// The commands that compile and link a source file. The Swift driver is asked once which commands it would start, so
/// that it need not start for every cell.
package struct CompilationSteps: Codable, Hashable, Sendable {
  /// A program and its arguments for each command. They are run in a folder that holds the source.
  package var commands: [[String]]

  /// A placeholder for the folder in the arguments.
  private static let folderMark = "{folder}"

  /// The linker command that the last command (clang) would start. It is tried in place of clang.
  package var linker: [String]?

  /// Asks the driver for its commands, or reads its earlier answer from the cache.
  /// - Parameter arguments: The driver's arguments, with relative paths of the source and the executable.
  package static func find(
    _ arguments: [String], toolchain: SwiftToolchain, cache: UserCache, store: Store
  ) async throws -> CompilationSteps {
    let environment = ["SDKROOT", "HOME"].map { ProcessInfo.processInfo.environment[$0] ?? "" }
    let identity = [toolchain.compiler, toolchain.version] + environment + arguments
    let record = "steps-\(SHA256.hex(identity.joined(separator: "\0")).prefix(12))"
    if let steps: CompilationSteps = cache.record(record) { return steps }
    let folder = try store.temporaryFolder("steps")
    defer { try? FileManager.default.removeItem(at: folder) }
    // The driver checks that its inputs exist.
    for source in arguments where source.hasSuffix(".swift") {
      try Data().write(to: folder.appendingPathComponent(source))
    }
    let answer = try await Tool.run(toolchain.compiler, ["-###"] + arguments, in: folder)
    let path = folder.resolvingSymlinksInPath().path
    // Where the driver's answer can't be parsed, the driver itself compiles.
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
  ///   - driverOutput: One command a line, quoted for a shell.
  ///   - folder: The folder in which the driver was asked.
  /// - Returns: nil where the first command doesn't write an object into a temporary folder that a later command
  ///   reads.
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

  /// The linker command that clang would start. Clang is asked with empty stand-ins for the files that it reads.
  private static func linker(behind command: [String], in folder: URL) async throws -> [String]? {
    guard command[0].hasSuffix("/clang") else { return nil }
    for word in command.dropFirst() where !word.hasPrefix("/") {
      // Clang replaces a response file (`@file`) by the file's arguments. A marker argument in a stand-in file shows
      // where they belong in the linker's command.
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

  /// - Parameter clangOutput: Clang's description of itself, followed by its commands with every word in quotes.
  /// - Returns: The command's words; nil unless there is exactly one command.
  package static func linker(clangOutput: String) -> [String]? {
    let lines = clangOutput.split(separator: "\n").filter { $0.hasPrefix(" \"") }
    guard lines.count == 1 else { return nil }
    return words(lines[0]).map {
      $0.hasPrefix("-l" + responseMark) ? "@" + $0.dropFirst(2 + responseMark.count) : $0
    }
  }

  /// Runs the commands in `folder`, up to the first that fails.
  /// - Parameter sandbox: The sandbox in which the commands are run; nil for none.
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

  /// The words of a shell command without variables; quotes and backslashes are removed.
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
