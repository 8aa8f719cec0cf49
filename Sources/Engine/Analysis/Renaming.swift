import SwiftParser
import SwiftSyntax

extension String {
  /// This Swift source with `suffix` appended to every identifier among `names` that is not a member.
  package func renaming(_ names: Set<String>, suffix: String) -> String {
    let rewriter = IdentifierRewriter(names: names, suffix: suffix)
    return rewriter.rewrite(Parser.parse(source: self)).description
  }
}

private final class IdentifierRewriter: SyntaxRewriter {
  private let names: Set<String>
  private let suffix: String

  init(names: Set<String>, suffix: String) {
    self.names = names
    self.suffix = suffix
    super.init()
  }

  override func visit(_ token: TokenSyntax) -> TokenSyntax {
    guard case .identifier(let text) = token.tokenKind, names.contains(text),
      token.previousToken(viewMode: .sourceAccurate)?.tokenKind != .period
    else { return token }
    return token.with(\.tokenKind, .identifier(text + suffix))
  }
}
