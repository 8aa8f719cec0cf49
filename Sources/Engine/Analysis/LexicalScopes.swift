import SwiftSyntax

/// Swift's rules of lexical scope: whether the syntax around a place binds a name there.
///
/// A `let` or `var` is visible after its declaration; a function or type in its whole block; a name bound by a
/// condition, pattern, parameter or capture in the body that belongs to it; a member in its type. Names at the top
/// level of a file are ignored, because cells share them. Members that a type inherits and names that only some
/// clauses of an `#if` declare are ignored too: a name counts as bound only where that is certain. A name wrongly
/// counted as free adds a needless dependency, but a name wrongly counted as bound would leave out a value that the
/// cell needs.
package enum LexicalScopes {
  /// Whether a scope around `node`, within its top-level item, binds `name`.
  package static func bind(_ name: String, at node: Syntax) -> Bool {
    var child = node
    while let parent = child.parent {
      if names(boundBy: parent, in: child).contains(name) { return true }
      child = parent
    }
    return false
  }

  /// The names that `scope` itself binds in `child`, one of its children.
  private static func names(boundBy scope: Syntax, in child: Syntax) -> [String] {
    switch scope.as(SyntaxEnum.self) {
    case .codeBlockItemList(let list): isAtFileScope(scope) ? [] : names(declaredBy: list, before: child)
    case .conditionElementList(let list): list.prefix { Syntax($0) != child }.flatMap(names)
    case .patternBindingList(let list):
      isAtFileScope(scope) ? [] : list.prefix { Syntax($0) != child }.flatMap { names(in: $0.pattern) }
    case .patternBinding(let binding):
      child == binding.accessorBlock.map(Syntax.init) && !isAtFileScope(scope) ? names(in: binding.pattern) : []
    case .ifExpr(let node): child == Syntax(node.body) ? node.conditions.flatMap(names) : []
    case .whileStmt(let node): child == Syntax(node.body) ? node.conditions.flatMap(names) : []
    case .forStmt(let node):
      [Syntax(node.body), node.whereClause.map(Syntax.init)].contains(child) ? names(in: node.pattern) : []
    case .switchCaseItem(let item): child == item.whereClause.map(Syntax.init) ? names(in: item.pattern) : []
    case .switchCase(let node):
      child == Syntax(node.statements)
        ? node.label.as(SwitchCaseLabelSyntax.self)?.caseItems.flatMap { names(in: $0.pattern) } ?? [] : []
    case .catchItem(let item): child == item.whereClause.map(Syntax.init) ? names(caughtBy: item) : []
    case .catchClause(let clause):
      child == Syntax(clause.body) ? names(caughtBy: clause) : []
    case .closureExpr(let node): child == Syntax(node.statements) ? names(in: node.signature) : []
    case .accessorDecl(let node): child == node.body.map(Syntax.init) ? name(passedTo: node) : []
    default: declaredNames(scope, in: child)
    }
  }

  /// The parameters of functions, and the generic parameters and members of types.
  private static func declaredNames(_ scope: Syntax, in child: Syntax) -> [String] {
    var names: [String] = []
    if let generic = scope.asProtocol(WithGenericParametersSyntax.self) {
      names += generic.genericParameterClause?.parameters.map(\.name.plainName) ?? []
    }
    if let function = scope.as(FunctionDeclSyntax.self), child == function.body.map(Syntax.init) {
      names += parameters(function.signature.parameterClause)
    } else if let initializer = scope.as(InitializerDeclSyntax.self), child == initializer.body.map(Syntax.init) {
      names += parameters(initializer.signature.parameterClause)
    } else if let element = scope.as(SubscriptDeclSyntax.self), child == element.accessorBlock.map(Syntax.init) {
      names += parameters(element.parameterClause)
    } else if let type = scope.asProtocol(DeclGroupSyntax.self), child == Syntax(type.memberBlock) {
      names += type.memberBlock.members.flatMap { DeclarationShape.memberNames($0.decl) }
    }
    return names
  }

  // MARK: Blocks

  /// Functions and types of the whole block, and values that are declared before `child`.
  private static func names(declaredBy list: CodeBlockItemListSyntax, before child: Syntax) -> [String] {
    list.flatMap { item -> [String] in
      let node = Syntax(item.item)
      if let declaration = node.asProtocol(NamedDeclSyntax.self) { return [declaration.name.plainName] }
      if node.is(IfConfigDeclSyntax.self) { return Array(names(declaredBy: node, before: child)) }
      guard item.endPosition <= child.position else { return [] }
      if let variable = node.as(VariableDeclSyntax.self) { return variable.bindings.flatMap { names(in: $0.pattern) } }
      return node.as(GuardStmtSyntax.self)?.conditions.flatMap(names) ?? []
    }
  }

  /// The names that every clause of an `#if` declares, if one of the clauses is an `#else`.
  private static func names(declaredBy condition: Syntax, before child: Syntax) -> Set<String> {
    guard let clauses = condition.as(IfConfigDeclSyntax.self)?.clauses, clauses.last?.condition == nil
    else { return [] }
    let declared = clauses.map { clause in
      Set(clause.elements?.as(CodeBlockItemListSyntax.self).map { names(declaredBy: $0, before: child) } ?? [])
    }
    return declared.dropFirst().reduce(declared.first ?? []) { $0.intersection($1) }
  }

  /// Whether the declarations in a list of statements, or the bindings of a `let` or `var`, belong to the file's top
  /// level.
  private static func isAtFileScope(_ node: Syntax) -> Bool {
    var list: Syntax? = node
    while let current = list, !current.is(CodeBlockItemListSyntax.self) {
      guard !current.is(MemberBlockItemListSyntax.self) else { return false }
      list = current.parent
    }
    guard let parent = list?.parent else { return true }
    if parent.is(SourceFileSyntax.self) { return true }
    return parent.is(IfConfigClauseSyntax.self) && (parent.parent.map(isAtFileScope) ?? true)
  }

  // MARK: Bindings

  private static func names(_ element: ConditionElementSyntax) -> [String] {
    switch element.condition {
    case .optionalBinding(let binding): names(in: binding.pattern)
    case .matchingPattern(let matching): names(in: matching.pattern)
    default: []
    }
  }

  /// The names that a pattern binds: `a` and `b` in `(a, .some(let b))`.
  private static func names(in pattern: PatternSyntax) -> [String] {
    pattern.tokens(viewMode: .sourceAccurate)
      .compactMap { $0.parent?.as(IdentifierPatternSyntax.self)?.identifier.plainName }
  }

  /// Without a pattern, `catch` binds `error`.
  private static func names(caughtBy item: CatchItemSyntax) -> [String] {
    item.pattern.map(names(in:)) ?? ["error"]
  }

  private static func names(caughtBy clause: CatchClauseSyntax) -> [String] {
    clause.catchItems.isEmpty ? ["error"] : clause.catchItems.flatMap { names(caughtBy: $0) }
  }

  private static func names(in signature: ClosureSignatureSyntax?) -> [String] {
    let captured = signature?.capture?.items.map(\.name.plainName) ?? []
    if let parameters = signature?.parameterClause?.as(ClosureShorthandParameterListSyntax.self) {
      return captured + parameters.map(\.name.plainName)
    }
    let clause = signature?.parameterClause?.as(ClosureParameterClauseSyntax.self)
    return captured + (clause?.parameters.map { ($0.secondName ?? $0.firstName).plainName } ?? [])
  }

  private static func parameters(_ clause: FunctionParameterClauseSyntax) -> [String] {
    clause.parameters.map { ($0.secondName ?? $0.firstName).plainName }
  }

  private static func name(passedTo accessor: AccessorDeclSyntax) -> [String] {
    if let parameter = accessor.parameters { return [parameter.name.plainName] }
    return switch accessor.accessorSpecifier.tokenKind {
    case .keyword(.set), .keyword(.willSet): ["newValue"]
    case .keyword(.didSet): ["oldValue"]
    default: []
    }
  }
}
