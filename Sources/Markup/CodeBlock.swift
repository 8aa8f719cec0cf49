/// A fenced or indented piece of code.
package struct CodeBlock: Hashable, Sendable {
  /// The info string after the opening fence: `swift {#train timeout=30m}`.
  package var info: String
  /// The code, each line with its line end, without the indentation and quote marks of the enclosing blocks.
  package var literal: String
  /// The position of the opening fence, or of the first line of indented code.
  package var position: SourcePosition
  /// Whether it is a fenced block.
  package var isFenced: Bool
  /// False when the file, list item or quote ends before a closing fence.
  package var isClosed: Bool
  /// The column in the file at which each line of `literal` begins.
  package var contentColumns: [Int]

  /// The first word of `info`: the language.
  package var language: String {
    String(info.prefix { !$0.isWhitespace && $0 != "{" })
  }

  /// The line in the file of `literal`'s first line.
  package var contentLine: Int {
    isFenced ? position.line + 1 : position.line
  }

  /// The position in the file of the character at a line and column of `literal`, both from 1.
  package func position(line: Int, column: Int) -> SourcePosition {
    let start = contentColumns.indices.contains(line - 1) ? contentColumns[line - 1] : 1
    return SourcePosition(line: contentLine + line - 1, column: start + column - 1)
  }
}
