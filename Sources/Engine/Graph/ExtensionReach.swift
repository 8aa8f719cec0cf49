/// Decides which extensions matter to code that never names them. The state grows as more of the code's dependencies
/// become known.
///
/// An extension of a type that the notebook declares can matter only to code that uses the type, directly or through
/// a value or another declaration. Its members matter if the code names them or a protocol may require them. A
/// conformance matters if the code may use its protocol.
package struct ExtensionReach {
  /// The names that the code refers to, directly or through the declarations that it uses.
  package var names: Set<String>
  /// The names that follow a dot in that code.
  private var members: Set<String>
  /// The protocols in the inheritance clauses of the declarations taken so far, by type.
  private var conformances: [String: Set<String>] = [:]
  private let declarations: NotebookDeclarations

  /// Members that code uses without writing their names.
  private static let implicitMembers: Set = ["callAsFunction", "dynamicallyCall", "appendInterpolation", "subscript"]

  /// The members that well-known protocols require. Any other protocol may require any member.
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

  /// Whether an extension that was not taken may change the behaviour of the code.
  package func matters(_ declaration: CellAnalysis.Declaration) -> Bool {
    if !declarations.declares(declaration.baseName) || names.contains(declaration.baseName) {
      if !declaration.members.isDisjoint(with: members.union(Self.implicitMembers)) { return true }
      if declaration.inherited.contains(where: { names.contains($0) || !declarations.declares($0) }) { return true }
    }
    // A conforming type needs every member that its protocols require, used or not.
    return (conformances[declaration.baseName] ?? []).contains { protocolName in
      guard let required = Self.requirements[protocolName] else { return true }
      return !required.isDisjoint(with: declaration.members)
    }
  }
}
