import SwiftSyntax

/// Looks for operators that are defined inside a block. Swift has none, its parser lets them pass, and the lookup of scopes
/// traps on them.
package final class LocalOperatorFinder: SyntaxVisitor {
  private var found = false

  package static func finds(in tree: SourceFileSyntax) -> Bool {
    let finder = LocalOperatorFinder(viewMode: .sourceAccurate)
    finder.walk(tree)
    return finder.found
  }

  package override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
    let isLocal =
      node.parent?.is(CodeBlockItemSyntax.self) ?? false
      && !(node.parent?.parent?.parent?.is(SourceFileSyntax.self) ?? true)
    if isLocal, node.name.identifier == nil { found = true }
    return .visitChildren
  }
}
