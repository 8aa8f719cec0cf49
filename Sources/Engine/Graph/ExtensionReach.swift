/// Which extensions matter to a piece of code that never names them: a state that grows as more is known of what the
/// code uses.
///
/// An extension of a type that the notebook declares can matter only to code that uses the type, be it through a value
/// or another declaration. Then its members matter if the code names them, or if they may be what a protocol asks of
/// the type; a conformance matters if its protocol is one that the code may use.
package struct ExtensionReach {
  /// Names that the code refers to, itself or through what it uses.
  package var names: Set<String>
  /// Names that follow a dot there.
  private var members: Set<String>
  /// Protocols that types were declared to conform to, by type, as far as that was taken.
  private var conformances: [String: Set<String>] = [:]
  private let declarations: NotebookDeclarations

  /// Members that code uses without naming them.
  private static let implicitMembers: Set = ["callAsFunction", "dynamicallyCall", "appendInterpolation", "subscript"]

  /// What well-known protocols ask of a type. Of others, any member may be asked for.
  private static let requirements: [String: Set<String>] = [
    "Codable": ["init", "encode", "CodingKeys"], "Encodable": ["encode", "CodingKeys"],
    "Decodable": ["init", "CodingKeys"], "Hashable": ["hash", "hashValue", "=="], "Equatable": ["=="],
    "Comparable": ["<", "<=", ">", ">=", "=="], "CustomStringConvertible": ["description"], "Sendable": [],
    "CaseIterable": ["allCases", "AllCases"], "Identifiable": ["id", "ID"], "Error": ["localizedDescription"],
    "Int": [], "String": [], "Double": [],
  ]

  package init(declarations: NotebookDeclarations, names: Set<String>, members: Set<String>) {
    self.declarations = declarations
    self.names = names
    self.members = members
  }

  /// Takes in a declaration that the code uses.
  package mutating func take(_ declaration: CellAnalysis.Declaration) {
    members.formUnion(declaration.usedMembers)
    conformances[declaration.baseName, default: []].formUnion(declaration.inherited)
  }

  /// Whether an extension that was not taken may change what the code does.
  package func matters(_ declaration: CellAnalysis.Declaration) -> Bool {
    if !declarations.declares(declaration.baseName) || names.contains(declaration.baseName) {
      if !declaration.members.isDisjoint(with: members.union(Self.implicitMembers)) { return true }
      if declaration.inherited.contains(where: { names.contains($0) || !declarations.declares($0) }) { return true }
    }
    // A type that conforms needs what its protocols ask for, used or not.
    return (conformances[declaration.baseName] ?? []).contains { protocolName in
      guard let required = Self.requirements[protocolName] else { return true }
      return !required.isDisjoint(with: declaration.members)
    }
  }
}
