/// The names that one cell's Swift source defines and refers to at its top level. A pure function of the source.
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
    /// Whether a `guard` binds the value.
    package var isBoundByGuard = false
    /// Whether its type is written as `T!`.
    package var isImplicitlyUnwrapped = false
    package var position: Position
  }

  /// A top-level `func`, `struct`, `enum`, `class`, `actor`, `protocol`, `typealias`, `extension`, operator or computed
  /// variable.
  package struct Declaration: Codable, Hashable, Sendable {
    /// The declared name, or the name of the extended type for an extension.
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
    /// Every name that follows a dot in the declaration. Extensions are found by these names.
    package var usedMembers: Set<String>
    /// The source, as written.
    package var text: String
    /// The declaration's tokens without comments and layout.
    package var tokens: String
    package var position: Position
    /// The names that the declaration refers to and does not bind itself.
    package var references: Set<String>
    /// The notebook's parameters that the declaration reads; `*` stands for all of them.
    package var parameters: Set<String>
    /// The types in the declaration, with what each stores.
    package var types: [StoredType] = []
    /// The static variables in the declaration.
    package var statics: [StaticVariable] = []

    /// Whether it is a type or an extension.
    var hasMembers: Bool { isExtension || !isFunction && !types.isEmpty }

    /// The outermost type that an extension extends: `Outer` for `Outer.Inner` and for `Outer<Int>`.
    package var baseName: String { isOperator ? name : String(name.prefix { !".<?[ ".contains($0) }) }
  }

  /// The `willSet` and `didSet` of a stored top-level variable.
  package struct Observer: Codable, Hashable, Sendable {
    /// The names that they refer to and do not bind themselves.
    package var references: Set<String>
    /// The place of the variable.
    package var position: Position
  }

  package var imports: [String] = []
  package var values: [Value] = []
  package var declarations: [Declaration] = []
  /// The names that the cell's statements refer to and that no scope within the cell binds, each with its first
  /// place. They include the names that the cell itself defines at its top level.
  package var references: [String: Position] = [:]
  /// Every name that follows a dot. Extensions are found by these names.
  package var members: Set<String> = []
  /// The names that a statement assigns to, each with its first place.
  package var assignments: [String: Position] = [:]
  package var parameters: Set<String> = []
  /// The stored top-level variables with observers, by name.
  package var observers: [String: Observer] = [:]
  /// The cell's tokens without comments and layout, as `SwiftTokens` writes them.
  package var tokens = ""
  /// The first lines of top-level statements that are executed and begin a line.
  package var statementLines: [Int] = []
  /// UTF-8 offsets of the imports and declarations. They stay at file scope wherever the statements are moved.
  package var fileScope: [Range<Int>] = []
  /// Whether an import or a declaration stands inside `#if`.
  package var hasConditionalDeclarations = false
  /// The place of the first `#sourceLocation` in the cell, which would change the line numbers of what follows.
  package var sourceLocation: Position?
  /// The place of the first top-level `defer`, which is executed at the script's end.
  package var deferred: Position?
  /// Whether the parser had to recover from a syntax error. The compiler's message describes the error.
  package var hasSyntaxError = false

  /// Whether the name is private to its cell: it begins with an underscore.
  package static func isPrivate(_ name: String) -> Bool { name.hasPrefix("_") }
}
