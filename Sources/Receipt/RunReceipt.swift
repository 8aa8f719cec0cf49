import Glibc

/// The record of a run after which everything was up to date: its arguments, every file that it read or wrote, and
/// its output. As long as none of these has changed, another run would give the same, so it isn't necessary.
///
/// A receipt is text with one fact a line, which needs no library to read:
///
/// ```
/// labbook receipt 1
/// folder /home/li/week
/// argument run
/// argument 2023-11-16.md
/// variable PATH=/usr/bin
/// file 2049 131 4096 1700000000 0 1700000000 0 /home/li/week/2023-11-16.md
/// file - /home/li/week/.labbook/proof/2023-11-16.verification
/// error train  fresh
/// output reports/2023-11-16/index.html
/// end
/// ```
public struct RunReceipt: Equatable, Sendable {
  /// The command's arguments, the verb first.
  public var arguments: [String]
  /// The working directory.
  public var folder: String
  /// Environment variables that the runner reads, each as `NAME=value`.
  public var variables: [String]
  public var files: [FileState]
  /// Lines of standard error.
  public var errors: [String]
  /// Lines of standard output.
  public var output: [String]

  public init(
    arguments: [String], folder: String, variables: [String], files: [FileState], errors: [String], output: [String]
  ) {
    self.arguments = arguments
    self.folder = folder
    self.variables = variables
    self.files = files
    self.errors = errors
    self.output = output
  }

  /// Whether a run with these arguments, here and now, would change nothing.
  public func isCurrent(arguments: [String]) -> Bool {
    arguments == self.arguments && folder == Self.workingFolder && variables == Self.variables
      && files.allSatisfy { FileState(of: $0.path) == $0 }
  }

  /// The path of the receipt for a run with these arguments: in the user's cache, by the path of the notebook, which
  /// is the first argument that ends in `.md`. It isn't beside the notebook, because a notebook from elsewhere could
  /// then bring a receipt that prevents its run.
  /// - Parameters:
  ///   - folder: The working directory.
  ///   - cache: The user's `labbook` folder for files that can be made again; nil if there is none.
  public static func path(
    arguments: [String], folder: String = workingFolder, cache: String? = cacheFolder
  ) -> String? {
    guard let cache, let notebook = arguments.first(where: { $0.hasSuffix(".md") }) else { return nil }
    let path = notebook.hasPrefix("/") ? notebook : "\(folder)/\(notebook)"
    // This is an FNV-1a hash. Two paths with the same hash overwrite each other's receipt, and each receipt names its
    // notebook.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "\(cache)/receipts/\(String(hash, radix: 16))"
  }

  /// The folder `~/.cache/labbook`, or `labbook` in the folder that `XDG_CACHE_HOME` names.
  public static var cacheFolder: String? {
    func value(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    return value("XDG_CACHE_HOME").map { "\($0)/labbook" } ?? value("HOME").map { "\($0)/.cache/labbook" }
  }

  /// The process's working directory.
  public static var workingFolder: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The environment variables that the runner reads. They locate the compiler, tools, fonts and Labbook's own
  /// library.
  public static var variables: [String] {
    let names = [
      "FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "LABBOOK_LIBRARY", "LABBOOK_SWIFTC", "PATH",
      "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    ]
    return names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
  }
}

extension RunReceipt {
  private static let head = "labbook receipt 1"

  /// The receipt's text; nil if a name contains a line end, which would look like the end of a fact.
  public var text: String? {
    var facts = ["folder \(folder)"]
    facts += arguments.map { "argument \($0)" }
    facts += variables.map { "variable \($0)" }
    facts += files.map { "file \($0.text)" }
    facts += errors.map { "error \($0)" }
    facts += output.map { "output \($0)" }
    if facts.contains(where: { $0.utf8.contains(10) }) { return nil }
    return ([Self.head] + facts + ["end\n"]).joined(separator: "\n")
  }

  /// Reads the text of a receipt; nil if it is incomplete or of another version.
  public init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == Self.head, lines.suffix(2) == ["end", ""] else { return nil }
    self.init(arguments: [], folder: "", variables: [], files: [], errors: [], output: [])
    for line in lines.dropFirst().dropLast(2) {
      guard let space = line.firstIndex(of: " ") else { return nil }
      let fact = line[line.index(after: space)...]
      switch line[..<space] {
      case "folder": folder = String(fact)
      case "argument": arguments.append(String(fact))
      case "variable": variables.append(String(fact))
      case "file":
        guard let state = FileState(text: fact) else { return nil }
        files.append(state)
      case "error": errors.append(String(fact))
      case "output": output.append(String(fact))
      default: return nil
      }
    }
  }

  /// Reads the receipt at `path`; nil if there is none or it can't be read.
  public init?(reading path: String) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0, status.st_size < 1 << 24, status.st_uid == geteuid()
    else { return nil }
    let size = Int(status.st_size)
    let text = String(unsafeUninitializedCapacity: size) { buffer in
      var count = 0
      while count < size {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got <= 0 { break }
        count += got
      }
      return count
    }
    self.init(text: text)
  }
}
