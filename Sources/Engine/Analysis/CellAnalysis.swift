/// What one cell's Swift source defines and refers to at its top level: a pure function of the source.
package struct CellAnalysis: Codable, Hashable, Sendable {
  /// A place in the cell's source, counted from 1; columns count characters.
  package struct Position: Codable, Hashable, Sendable {
    package var line: Int
    package var column: Int
  }

  /// A top-level `let` or `var`.
  package struct Value: Codable, Hashable, Sendable {
    package var name: String
    package var isVariable: Bool
    /// Whether a `guard` binds it, which the compiler's symbol graph leaves out.
    package var isBoundByGuard = false
    package var position: Position
  }

  /// A top-level `func`, `struct`, `enum`, `class`, `actor`, `protocol`, `typealias`, `extension`, operator or computed
  /// variable.
  package struct Declaration: Codable, Hashable, Sendable {
    /// The declared name; for an extension, the extended type's.
    package var name: String
    package var isExtension: Bool
    /// Whether it declares or defines an operator, which may be overloaded in any cell.
    package var isOperator: Bool
    /// Whether it is a function, which may be overloaded in any cell.
    package var isFunction = false
    /// Whether it is a type alias.
    package var isAlias: Bool
    /// Names in its inheritance clause: protocols, a class, an enumeration's raw type.
    package var inherited: [String]
    /// Names of an extension's members.
    package var members: Set<String>
    /// Every name that follows a dot in it, by which extensions are found.
    package var usedMembers: Set<String>
    /// The source, as written.
    package var text: String
    /// Its tokens without comments and layout.
    package var tokens: String
    package var position: Position
    /// Names it refers to that it does not bind itself.
    package var references: Set<String>
    /// Parameters of the notebook that it reads; `*` is all of them.
    package var parameters: Set<String>
    /// What types in it store.
    package var types: [StoredType] = []
    /// Static variables in it.
    package var statics: [StaticVariable] = []

    /// The outermost type of an extension's: `Outer` of `Outer.Inner` and of `Outer<Int>`.
    package var baseName: String { isOperator ? name : String(name.prefix { !".<?[ ".contains($0) }) }
  }

  package var imports: [String] = []
  package var values: [Value] = []
  package var declarations: [Declaration] = []
  /// Names that the cell's statements refer to and that no scope within the cell binds, with their first place. Names
  /// that the cell itself defines at its top level are among them.
  package var references: [String: Position] = [:]
  /// Every name that follows a dot, by which extensions are found.
  package var members: Set<String> = []
  /// Names that a statement assigns to, with the first place.
  package var assignments: [String: Position] = [:]
  package var parameters: Set<String> = []
  /// The cell's tokens without comments and layout, as `SwiftTokens` writes them.
  package var tokens = ""
  /// First lines of the top-level statements that execute something and begin a line.
  package var statementLines: [Int] = []
  /// UTF-8 offsets of the imports and declarations, which may stand at file scope wherever the statements go.
  package var fileScope: [Range<Int>] = []
  /// Whether an import or a declaration stands inside `#if`.
  package var hasConditionalDeclarations = false
  /// Where the cell first gives its lines another place by `#sourceLocation`.
  package var sourceLocation: Position?
  /// Where the first `defer` at top level stands, which is executed at the script's end.
  package var deferred: Position?
  /// Whether the parser had to make up for something; the compiler says what.
  package var hasSyntaxError = false

  /// Names that begin with an underscore stay inside their cell.
  package static func isPrivate(_ name: String) -> Bool { name.hasPrefix("_") }
}
