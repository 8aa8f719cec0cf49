import SwiftSyntax

/// The name and kind of a top-level declaration that is not a value. A computed variable is not a value, because
/// reading it executes code.
package struct DeclarationShape {
  package var name: String
  package var isExtension = false
  package var isOperator = false
  package var isFunction = false
  package var inherited: [String] = []
  package var members: Set<String> = []

  /// nil for values, statements and expressions.
  package init?(_ node: Syntax) {
    if let declaration = node.as(ExtensionDeclSyntax.self) {
      name = declaration.extendedType.trimmedDescription
      isExtension = true
      members = Set(declaration.memberBlock.members.flatMap { Self.memberNames($0.decl) })
    } else if let declaration = node.asProtocol(NamedDeclSyntax.self) {
      name = declaration.name.plainName
      switch declaration.name.tokenKind {
      case .binaryOperator, .prefixOperator, .postfixOperator: isOperator = true
      default: isFunction = node.is(FunctionDeclSyntax.self)
      }
    } else if let declaration = node.as(OperatorDeclSyntax.self) {
      name = declaration.name.text
      isOperator = true
    } else if let binding = node.as(VariableDeclSyntax.self)?.bindings, let only = binding.first, binding.count == 1,
      only.isComputed, let pattern = only.pattern.as(IdentifierPatternSyntax.self)
    {
      name = pattern.identifier.plainName
    } else {
      return nil
    }
    let clause = node.asProtocol(DeclGroupSyntax.self)?.inheritanceClause
    inherited = (clause?.inheritedTypes ?? []).flatMap { Self.typeNames($0.type) }
  }

  /// The types that a composition such as `Codable & Hashable` or `@retroactive Codable` names.
  private static func typeNames(_ type: TypeSyntax) -> [String] {
    if let composition = type.as(CompositionTypeSyntax.self) {
      return composition.elements.flatMap { typeNames($0.type) }
    }
    if let attributed = type.as(AttributedTypeSyntax.self) { return typeNames(attributed.baseType) }
    return [type.as(IdentifierTypeSyntax.self)?.name.plainName ?? type.trimmedDescription]
  }

  /// The names by which code refers to a member.
  package static func memberNames(_ declaration: DeclSyntax) -> [String] {
    if let variable = declaration.as(VariableDeclSyntax.self) {
      return variable.bindings.compactMap { $0.pattern.as(IdentifierPatternSyntax.self)?.identifier.plainName }
    }
    if let enumCase = declaration.as(EnumCaseDeclSyntax.self) {
      return enumCase.elements.map(\.name.plainName)
    }
    if declaration.is(InitializerDeclSyntax.self) { return ["init"] }
    if declaration.is(SubscriptDeclSyntax.self) { return ["subscript"] }
    return declaration.asProtocol(NamedDeclSyntax.self).map { [$0.name.plainName] } ?? []
  }
}

extension PatternBindingSyntax {
  /// Whether the variable is computed, so that it stores nothing.
  package var isComputed: Bool {
    guard let block = accessorBlock else { return false }
    guard case .accessors(let accessors) = block.accessors else { return true }
    return !accessors.contains { [.keyword(.willSet), .keyword(.didSet)].contains($0.accessorSpecifier.tokenKind) }
  }
}
