/// The subject of a part of a cell's key.
package enum KeyPart: Hashable, Sendable {
  /// The cell's tokens.
  case code
  /// The notebook's import lines.
  case imports
  /// A declaration of another cell that this one uses.
  case declaration(String)
  /// A value of another cell that is an input of this one, and the value's type.
  case value(String)
  case type(String)
  /// A parameter of the notebook.
  case parameter(String)
  /// A file that the cell reads.
  case file(String)
  case seed
  /// A module of the library that cells link.
  case module(String)
  /// The library as a whole, where its modules can't be told apart.
  case labbook
  case compiler
  /// The report's language.
  case language

  private static let plain: [(KeyPart, String)] = [
    (.code, "code"), (.imports, "imports"), (.seed, "seed"), (.labbook, "labbook"), (.compiler, "compiler"),
    (.language, "language"),
  ]

  private static let named: [(word: String, make: @Sendable (String) -> KeyPart)] = [
    ("declaration", { .declaration($0) }), ("value", { .value($0) }), ("type", { .type($0) }),
    ("parameter", { .parameter($0) }), ("file", { .file($0) }), ("module", { .module($0) }),
  ]

  /// The part that `name` writes in this form; nil for other text.
  package init?(name: String) {
    if let found = Self.plain.first(where: { $0.1 == name }) {
      self = found.0
      return
    }
    let words = name.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let found = Self.named.first(where: { $0.word == words[0] }) else { return nil }
    self = found.make(String(words[1]))
  }

  /// The name in stored results and in the output of `labbook why`: `code`, `value data`, `file x.csv`.
  package var name: String {
    switch self {
    case .declaration(let name): "declaration \(name)"
    case .value(let name): "value \(name)"
    case .type(let name): "type \(name)"
    case .parameter(let name): "parameter \(name)"
    case .file(let path): "file \(path)"
    case .module(let name): "module \(name)"
    default: Self.plain.first { $0.0 == self }?.1 ?? ""
    }
  }

  /// A short description of a change of this part.
  package var change: String {
    switch self {
    case .code: "its code changed"
    case .imports: "the imports changed"
    case .value(let name), .declaration(let name): "`\(name)` changed"
    case .type(let name): "the type of `\(name)` changed"
    case .parameter(let name): "the parameter `\(name)` changed"
    case .file(let path): "\(path) changed"
    case .module(let name): "Labbook's module \(name) changed"
    case .seed, .labbook, .compiler, .language: "the \(name) changed"
    }
  }

  /// Whether the part is a value of another cell or its type.
  package var isTakenIn: Bool {
    switch self {
    case .value, .type: true
    default: false
    }
  }

  /// Whether the part belongs to Labbook or the compiler, and not to the notebook.
  package var isTool: Bool {
    switch self {
    case .module, .labbook, .compiler: true
    default: false
    }
  }
}
