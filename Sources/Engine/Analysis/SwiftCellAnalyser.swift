import SwiftParser
import SwiftSyntax

/// Finds a cell's definitions and references with the compiler's own parser and Swift's rules of lexical scope.
package enum SwiftCellAnalyser {
  package static func analyse(_ source: String) -> CellAnalysis {
    let tree = Parser.parse(source: source)
    let converter = SourceLocationConverter(fileName: "", tree: tree)
    var analysis = CellAnalysis()
    let positions = Positions(source: source, converter: converter)

    analysis.hasSyntaxError = tree.hasError
    analysis.sourceLocation = tree.tokens(viewMode: .sourceAccurate)
      .first { $0.tokenKind == .poundSourceLocation }
      .map { positions.position($0.positionAfterSkippingLeadingTrivia) }
    analysis.tokens = SwiftTokens.text(of: Syntax(tree))
    for item in topLevelItems(tree.statements) {
      add(item, to: &analysis, positions)
    }
    analysis.imports = imports(in: tree.statements)
    let fileScope = tree.statements.map { Syntax($0.item) }.filter(isAtFileScope)
    analysis.fileScope = fileScope.map { $0.trimmedRange.lowerBound.utf8Offset..<$0.trimmedRange.upperBound.utf8Offset }
    let all = topLevelItems(tree.statements).count { isAtFileScope(Syntax($0.item)) }
    analysis.hasConditionalDeclarations = all > fileScope.count
    return analysis
  }

  private static func isAtFileScope(_ node: Syntax) -> Bool {
    node.is(ImportDeclSyntax.self) || DeclarationShape(node) != nil
  }

  /// The top-level items, including those in every clause of an `#if`, whichever clause is active.
  private static func topLevelItems(_ statements: CodeBlockItemListSyntax) -> [CodeBlockItemSyntax] {
    statements.flatMap { item -> [CodeBlockItemSyntax] in
      guard let condition = item.item.as(IfConfigDeclSyntax.self) else { return [item] }
      return condition.clauses.flatMap { clause in
        clause.elements?.as(CodeBlockItemListSyntax.self).map(topLevelItems) ?? []
      }
    }
  }

  /// The imports among top-level items. Those in an `#if` keep its conditions.
  private static func imports(in statements: CodeBlockItemListSyntax) -> [String] {
    statements.compactMap { item in
      if let declaration = item.item.as(ImportDeclSyntax.self) { return declaration.trimmedDescription }
      guard let condition = item.item.as(IfConfigDeclSyntax.self) else { return nil }
      let clauses = condition.clauses.map { clause in
        (
          head: clause.poundKeyword.text + (clause.condition.map { " " + $0.trimmedDescription } ?? ""),
          imports: clause.elements?.as(CodeBlockItemListSyntax.self).map(imports) ?? []
        )
      }
      guard clauses.contains(where: { !$0.imports.isEmpty }) else { return nil }
      return (clauses.flatMap { [$0.head] + $0.imports } + ["#endif"]).joined(separator: "\n")
    }
  }

  private static func add(
    _ item: CodeBlockItemSyntax, to analysis: inout CellAnalysis, _ positions: Positions
  ) {
    let node = Syntax(item.item)
    let collector = ReferenceCollector(positions: positions)
    collector.walk(node)
    analysis.members.formUnion(collector.members)

    if node.is(ImportDeclSyntax.self) { return }
    if let shape = DeclarationShape(node) {
      let state = StoredStateCollector(positions: positions)
      state.walk(node)
      analysis.declarations.append(
        .init(
          name: shape.name, isExtension: shape.isExtension, isOperator: shape.isOperator,
          isFunction: shape.isFunction, isAlias: node.is(TypeAliasDeclSyntax.self),
          inherited: shape.inherited, members: shape.members, usedMembers: collector.members,
          text: node.trimmedDescription, tokens: SwiftTokens.text(of: node),
          position: positions.position(node.positionAfterSkippingLeadingTrivia),
          references: Set(collector.references.keys), parameters: collector.parameters, types: state.types,
          statics: state.statics))
      return
    }

    if beginsLine(node) {
      analysis.statementLines.append(positions.position(node.positionAfterSkippingLeadingTrivia).line)
    }
    analysis.references.merge(collector.references) { first, _ in first }
    analysis.assignments.merge(collector.assignments) { first, _ in first }
    analysis.parameters.formUnion(collector.parameters)
    if let variable = node.as(VariableDeclSyntax.self) {
      let isVariable = variable.bindingSpecifier.tokenKind != .keyword(.let)
      for binding in variable.bindings {
        addNames(in: Syntax(binding.pattern), isVariable: isVariable, to: &analysis, positions)
        // `let _: Int!` binds no value.
        if binding.typeAnnotation?.type.is(ImplicitlyUnwrappedOptionalTypeSyntax.self) == true,
          binding.pattern.is(IdentifierPatternSyntax.self), let last = analysis.values.indices.last
        {
          analysis.values[last].isImplicitlyUnwrapped = true
        }
        if let block = binding.accessorBlock, let pattern = binding.pattern.as(IdentifierPatternSyntax.self) {
          let observers = ReferenceCollector(positions: positions)
          observers.walk(Syntax(block))
          analysis.observers[pattern.identifier.plainName] = .init(
            references: Set(observers.references.keys),
            position: positions.position(pattern.positionAfterSkippingLeadingTrivia))
        }
      }
    } else if let guardStatement = node.as(GuardStmtSyntax.self) {
      for condition in guardStatement.conditions {
        if let binding = condition.condition.as(OptionalBindingConditionSyntax.self) {
          let isVariable = binding.bindingSpecifier.tokenKind != .keyword(.let)
          addNames(in: Syntax(binding.pattern), isVariable: isVariable, byGuard: true, to: &analysis, positions)
        } else if let matching = condition.condition.as(MatchingPatternConditionSyntax.self) {
          let isVariable = matching.pattern.tokens(viewMode: .sourceAccurate).contains {
            $0.tokenKind == .keyword(.var)
          }
          addNames(in: Syntax(matching.pattern), isVariable: isVariable, byGuard: true, to: &analysis, positions)
        }
      }
    } else if node.is(DeferStmtSyntax.self), analysis.deferred == nil {
      analysis.deferred = positions.position(node.positionAfterSkippingLeadingTrivia)
    }
  }

  private static func addNames(
    in pattern: Syntax, isVariable: Bool, byGuard: Bool = false, to analysis: inout CellAnalysis,
    _ positions: Positions
  ) {
    for token in pattern.tokens(viewMode: .sourceAccurate) {
      guard let identifier = token.parent?.as(IdentifierPatternSyntax.self) else { continue }
      analysis.values.append(
        .init(
          name: identifier.identifier.plainName, isVariable: isVariable, isBoundByGuard: byGuard,
          position: positions.position(identifier.positionAfterSkippingLeadingTrivia)))
    }
  }

  private static func beginsLine(_ node: Syntax) -> Bool {
    guard let first = node.firstToken(viewMode: .sourceAccurate) else { return false }
    guard first.previousToken(viewMode: .sourceAccurate) != nil else { return true }
    return first.leadingTrivia.contains { $0.isNewline }
  }
}

/// Turns offsets of the syntax tree into lines and columns that count characters.
package struct Positions {
  private let lines: [Substring]
  private let converter: SourceLocationConverter

  package init(source: String, converter: SourceLocationConverter) {
    lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    self.converter = converter
  }

  package func position(_ position: AbsolutePosition) -> CellAnalysis.Position {
    let location = converter.location(for: position)
    guard lines.indices.contains(location.line - 1) else { return .init(line: location.line, column: 1) }
    return .init(
      line: location.line,
      column: String(decoding: lines[location.line - 1].utf8.prefix(location.column - 1), as: UTF8.self).count + 1)
  }
}

extension TokenSyntax {
  /// The identifier without backticks.
  package var plainName: String {
    identifier?.name ?? text
  }
}
