import SwiftSyntax

/// Collects the names that a top-level item refers to and does not bind itself.
package final class ReferenceCollector: SyntaxVisitor {
  package private(set) var references: [String: CellAnalysis.Position] = [:]
  package private(set) var assignments: [String: CellAnalysis.Position] = [:]
  package private(set) var members: Set<String> = []
  package private(set) var parameters: Set<String> = []
  private let positions: Positions

  package init(positions: Positions) {
    self.positions = positions
    super.init(viewMode: .sourceAccurate)
  }

  package override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
    let name = node.baseName.plainName
    if isMember(node) {
      members.insert(name)
    } else {
      switch node.baseName.tokenKind {
      case .binaryOperator, .prefixOperator, .postfixOperator: refer(toOperator: node.baseName, at: Syntax(node))
      default: refer(to: node.baseName, at: Syntax(node))
      }
    }
    return .visitChildren
  }

  package override func visit(_ node: IdentifierTypeSyntax) -> SyntaxVisitorContinueKind {
    refer(to: node.name, at: Syntax(node))
    return .visitChildren
  }

  package override func visit(_ node: BinaryOperatorExprSyntax) -> SyntaxVisitorContinueKind {
    refer(toOperator: node.operator, at: Syntax(node))
    return .visitChildren
  }

  package override func visit(_ node: PrefixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
    refer(toOperator: node.operator, at: Syntax(node))
    return .visitChildren
  }

  package override func visit(_ node: PostfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
    refer(toOperator: node.operator, at: Syntax(node))
    return .visitChildren
  }

  /// An expression used as a pattern is compared by the operator `~=`.
  package override func visit(_ node: ExpressionPatternSyntax) -> SyntaxVisitorContinueKind {
    members.insert("~=")
    references["~="] = references["~="] ?? positions.position(node.positionAfterSkippingLeadingTrivia)
    return .visitChildren
  }

  package override func visit(_ node: OperatorDeclSyntax) -> SyntaxVisitorContinueKind {
    if let group = node.operatorPrecedenceAndTypes?.precedenceGroup { refer(to: group, at: Syntax(node)) }
    return .visitChildren
  }

  package override func visit(_ node: PrecedenceGroupNameSyntax) -> SyntaxVisitorContinueKind {
    refer(to: node.name, at: Syntax(node))
    return .visitChildren
  }

  package override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind {
    refer(to: node.macroName, at: Syntax(node))
    return .visitChildren
  }

  package override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
    members.insert("init")
    return .visitChildren
  }

  package override func visit(_ node: SubscriptCallExprSyntax) -> SyntaxVisitorContinueKind {
    members.insert("subscript")
    return .visitChildren
  }

  /// `if let x` without an initialiser reads the outer `x`.
  package override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
    if node.initializer == nil, let pattern = node.pattern.as(IdentifierPatternSyntax.self) {
      refer(to: pattern.identifier, at: Syntax(node))
    }
    return .visitChildren
  }

  /// `[x]` without an initialiser reads the outer `x`.
  package override func visit(_ node: ClosureCaptureSyntax) -> SyntaxVisitorContinueKind {
    if node.initializer == nil, case .identifier = node.name.tokenKind { refer(to: node.name, at: Syntax(node)) }
    return .visitChildren
  }

  /// Operators are not folded here, so `a = 1` is a sequence whose second element is the assignment.
  package override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
    let elements = Array(node.elements)
    if elements.count > 1, isAssignment(elements[1]) { assign(to: elements[0]) }
    return .visitChildren
  }

  package override func visit(_ node: InOutExprSyntax) -> SyntaxVisitorContinueKind {
    assign(to: node.expression)
    return .visitChildren
  }

  private func isAssignment(_ node: ExprSyntax) -> Bool {
    if node.is(AssignmentExprSyntax.self) { return true }
    guard let text = node.as(BinaryOperatorExprSyntax.self)?.operator.text else { return false }
    return text.hasSuffix("=") && !["==", "!=", "<=", ">=", "===", "!==", "~="].contains(text)
  }

  private func assign(to target: ExprSyntax) {
    var base = target
    while true {
      if let member = base.as(MemberAccessExprSyntax.self), let inner = member.base {
        base = inner
      } else if let element = base.as(SubscriptCallExprSyntax.self) {
        base = element.calledExpression
      } else {
        break
      }
    }
    guard let reference = base.as(DeclReferenceExprSyntax.self), !isBound(reference.baseName, at: Syntax(reference))
    else { return }
    let position = positions.position(reference.positionAfterSkippingLeadingTrivia)
    assignments[reference.baseName.plainName] = assignments[reference.baseName.plainName] ?? position
  }

  private func isMember(_ node: DeclReferenceExprSyntax) -> Bool {
    if let access = node.parent?.as(MemberAccessExprSyntax.self) { return access.declName.id == node.id }
    return node.parent?.is(KeyPathPropertyComponentSyntax.self) ?? false
  }

  /// Operators are functions of the file or static members of a type.
  private func refer(toOperator token: TokenSyntax, at node: Syntax) {
    members.insert(token.plainName)
    refer(to: token, at: node)
  }

  private func refer(to token: TokenSyntax, at node: Syntax) {
    guard ![.keyword(.self), .keyword(.Self)].contains(token.tokenKind), !isBound(token, at: node) else { return }
    let name = token.plainName
    if name == "params" {
      let access = node.parent?.as(MemberAccessExprSyntax.self)
      parameters.insert(access.map(\.declName.baseName.plainName) ?? "*")
    }
    references[name] = references[name] ?? positions.position(node.positionAfterSkippingLeadingTrivia)
  }

  /// Whether an operator is bound in a scope around it: a function of the file, or a static member of a type.
  private func isBound(_ token: TokenSyntax, at node: Syntax) -> Bool {
    token.identifier != nil && LexicalScopes.bind(token.plainName, at: node)
  }
}
