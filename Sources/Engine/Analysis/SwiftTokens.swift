import SwiftSyntax

/// Swift source without comments and layout: equal for sources that mean the same to the compiler.
package enum SwiftTokens {
  /// The token texts with spaces between them. Layout that has a meaning in Swift is kept: each statement begins a
  /// line, and every operator is marked as prefix, postfix or infix.
  package static func text(of node: Syntax) -> String {
    var text = ""
    for token in node.tokens(viewMode: .sourceAccurate) {
      switch token.tokenKind {
      case .semicolon: continue
      case .prefixOperator(let name): text += "\(separator(before: token))prefix \(name)"
      case .postfixOperator(let name): text += "\(separator(before: token))postfix \(name)"
      default: text += separator(before: token) + token.text
      }
    }
    return String(text.drop { $0 == " " || $0 == "\n" })
  }

  private static func separator(before token: TokenSyntax) -> String {
    var node = token.parent
    while let parent = node, parent.position == token.position {
      if parent.is(CodeBlockItemSyntax.self) || parent.is(MemberBlockItemSyntax.self) { return "\n" }
      node = parent.parent
    }
    return " "
  }
}
