import SwiftSyntax

/// The stored content of a type that a notebook declares, as far as it matters to a cell that receives a copy of a
/// value.
package struct StoredType: Codable, Hashable, Sendable {
  /// The type's name without the types around it.
  package var name: String
  package var isClass = false
  /// Whether it is a class whose instances never change: final, with constants only.
  package var isConstantClass = false
  /// The names in the types of its stored properties and in its inheritance clause; for a type alias, the names in
  /// its type.
  package var names: Set<String> = []
  /// Whether the text of a stored property's type has an optional of an optional.
  package var hasNestedOptional = false
  /// The stored properties that its coding keys leave out.
  package var uncoded: [String] = []
}

/// A stored static variable, or a static constant.
package struct StaticVariable: Codable, Hashable, Sendable {
  package var name: String
  /// The type that encloses the variable.
  package var type: String
  package var isVariable: Bool
  /// The names in its declared type, or in its initial value where no type is declared.
  package var names: Set<String>
  /// Whether the enclosing declaration refers to the variable.
  package var isUsedInside = false
  package var position: CellAnalysis.Position
}

/// Collects the stored properties of the types inside a declaration.
package final class StoredStateCollector: SyntaxVisitor {
  package private(set) var types: [StoredType] = []
  package private(set) var statics: [StaticVariable] = []
  private let positions: Positions

  package init(positions: Positions) {
    self.positions = positions
    super.init(viewMode: .sourceAccurate)
  }

  package override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind {
    add(node.name, node)
    return .visitChildren
  }

  package override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind {
    add(node.name, node)
    return .visitChildren
  }

  package override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind {
    add(node.name, node, isClass: true, isFinal: node.modifiers.contains { $0.name.tokenKind == .keyword(.final) })
    return .visitChildren
  }

  package override func visit(_ node: ActorDeclSyntax) -> SyntaxVisitorContinueKind {
    add(node.name, node, isClass: true)
    return .visitChildren
  }

  package override func visit(_ node: ExtensionDeclSyntax) -> SyntaxVisitorContinueKind {
    addStatics(of: node.extendedType.trimmedDescription, node)
    return .visitChildren
  }

  package override func visit(_ node: TypeAliasDeclSyntax) -> SyntaxVisitorContinueKind {
    types.append(StoredType(name: node.name.plainName, names: Self.typeNames(Syntax(node.initializer))))
    return .visitChildren
  }

  private func add(_ name: TokenSyntax, _ node: some DeclGroupSyntax, isClass: Bool = false, isFinal: Bool = false) {
    var type = StoredType(name: name.plainName, isClass: isClass)
    type.names = node.inheritanceClause.map { Self.typeNames(Syntax($0)) } ?? []
    var stored: [String] = []
    var hasVariables = false
    for member in node.memberBlock.members {
      if let variable = member.decl.as(VariableDeclSyntax.self), !variable.isStatic {
        for binding in variable.bindings where !binding.isComputed {
          hasVariables = hasVariables || variable.bindingSpecifier.tokenKind != .keyword(.let)
          type.names.formUnion(Self.typeNames(binding))
          type.hasNestedOptional =
            type.hasNestedOptional || binding.typeAnnotation?.trimmedDescription.contains("??") ?? false
          stored += Self.names(in: binding.pattern)
        }
      } else if let element = member.decl.as(EnumCaseDeclSyntax.self) {
        type.names.formUnion(Self.typeNames(Syntax(element.elements)))
      }
    }
    type.isConstantClass = isClass && isFinal && !hasVariables
    type.uncoded = Self.uncoded(stored, in: node)
    types.append(type)
    addStatics(of: name.plainName, node)
  }

  private func addStatics(of type: String, _ node: some DeclGroupSyntax) {
    let references = node.tokens(viewMode: .sourceAccurate).compactMap { token in
      token.parent?.is(DeclReferenceExprSyntax.self) == true ? token.plainName : nil
    }
    for member in node.memberBlock.members {
      guard let variable = member.decl.as(VariableDeclSyntax.self), variable.isStatic, !variable.isTaskLocal
      else { continue }
      for binding in variable.bindings where !binding.isComputed {
        for name in Self.names(in: binding.pattern) {
          statics.append(
            StaticVariable(
              name: name, type: type, isVariable: variable.bindingSpecifier.tokenKind != .keyword(.let),
              names: Self.typeNames(binding), isUsedInside: references.contains(name),
              position: positions.position(binding.positionAfterSkippingLeadingTrivia)))
        }
      }
    }
  }

  /// The stored properties that explicit coding keys leave out, where the compiler synthesises the encoding.
  private static func uncoded(_ stored: [String], in node: some DeclGroupSyntax) -> [String] {
    let members = node.memberBlock.members.map(\.decl)
    guard !members.contains(where: { $0.as(FunctionDeclSyntax.self)?.name.plainName == "encode" }),
      let keys = members.compactMap({ $0.as(EnumDeclSyntax.self) }).first(where: { $0.name.plainName == "CodingKeys" })
    else { return [] }
    let coded = keys.memberBlock.members.flatMap { DeclarationShape.memberNames($0.decl) }
    return stored.filter { !coded.contains($0) }
  }

  private static func names(in pattern: PatternSyntax) -> [String] {
    pattern.tokens(viewMode: .sourceAccurate).compactMap { token in
      token.parent?.is(IdentifierPatternSyntax.self) == true ? token.plainName : nil
    }
  }

  /// The names in a variable's declared type, or in its initial value where no type is declared.
  private static func typeNames(_ binding: PatternBindingSyntax) -> Set<String> {
    if let annotation = binding.typeAnnotation { return typeNames(Syntax(annotation)) }
    return binding.initializer.map { typeNames(Syntax($0)) } ?? []
  }

  private static func typeNames(_ node: Syntax) -> Set<String> {
    Set(
      node.tokens(viewMode: .sourceAccurate).compactMap { token in
        guard case .identifier = token.tokenKind else { return nil }
        return token.plainName
      })
  }
}

extension VariableDeclSyntax {
  fileprivate var isStatic: Bool {
    modifiers.contains { [.keyword(.static), .keyword(.class)].contains($0.name.tokenKind) }
  }

  fileprivate var isTaskLocal: Bool { attributes.trimmedDescription.contains("@TaskLocal") }
}
