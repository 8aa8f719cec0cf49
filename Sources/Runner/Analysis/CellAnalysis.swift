import Core

/// What one cell's Swift source defines and refers to at its top level: a pure function of the source.
struct CellAnalysis: Codable, Hashable, Sendable {
  /// A place in the cell's source, counted from 1; columns count characters.
  struct Position: Codable, Hashable, Sendable {
    var line: Int
    var column: Int
  }

  /// A top-level `let` or `var`.
  struct Value: Codable, Hashable, Sendable {
    var name: String
    var isVariable: Bool
    var position: Position
  }

  /// A top-level `func`, `struct`, `enum`, `class`, `actor`, `protocol`, `typealias`, `extension` or operator.
  struct Declaration: Codable, Hashable, Sendable {
    /// The declared name; for an extension, the extended type's.
    var name: String
    var isExtension: Bool
    /// Whether it declares or defines an operator, which may be overloaded in any cell.
    var isOperator: Bool
    /// Whether it is a type alias.
    var isAlias: Bool
    /// Names in its inheritance clause: protocols, a class, an enumeration's raw type.
    var inherited: [String]
    /// Names of an extension's members.
    var members: Set<String>
    /// Every name that follows a dot in it, by which extensions are found.
    var usedMembers: Set<String>
    /// The source, as written.
    var text: String
    /// Its tokens without comments and layout.
    var tokens: String
    var position: Position
    /// Names it refers to that it does not bind itself.
    var references: Set<String>
    /// Parameters of the notebook that it reads; `*` is all of them.
    var parameters: Set<String>

    /// The outermost type of an extension's: `Outer` of `Outer.Inner` and of `Outer<Int>`.
    var baseName: String { isOperator ? name : String(name.prefix { !".<?[ ".contains($0) }) }
  }

  var imports: [String] = []
  var values: [Value] = []
  var declarations: [Declaration] = []
  /// Names that the cell's statements refer to and that no scope within the cell binds, with their first place. Names
  /// that the cell itself defines at its top level are among them.
  var references: [String: Position] = [:]
  /// Every name that follows a dot, by which extensions are found.
  var members: Set<String> = []
  /// Names that a statement assigns to, with the first place.
  var assignments: [String: Position] = [:]
  var parameters: Set<String> = []
  /// The cell's tokens without comments and layout, as `SwiftTokens` writes them.
  var tokens = ""
  /// First lines of the top-level statements that execute something and begin a line.
  var statementLines: [Int] = []
  /// UTF-8 offsets of the imports and declarations, which may stand at file scope wherever the statements go.
  var fileScope: [Range<Int>] = []
  /// Whether an import or a declaration stands inside `#if`.
  var hasConditionalDeclarations = false
  /// Whether the parser had to make up for something; the compiler says what.
  /// Where the cell first gives its lines another place by `#sourceLocation`.
  var sourceLocation: Position?
  var hasSyntaxError = false

  /// Names that begin with an underscore stay inside their cell.
  static func isPrivate(_ name: String) -> Bool { name.hasPrefix("_") }
}
