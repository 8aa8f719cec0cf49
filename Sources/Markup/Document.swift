import Basics
import Core

/// A Markdown text as a tree of blocks and inlines with their places in the file.
///
/// It is CommonMark with GitHub's tables, task lists, strikethrough (with two tildes, because one is a range of
/// numbers in Chinese), automatic links and footnotes; formulas between dollar signs; and expressions in inline code.
///
/// ```
/// let document = Document(markdown: "# Loss\n\nIt fell to `{swift} loss.last!`.\n", file: "week.md")
/// document.expressions.first?.source    // "loss.last!"
/// ```
package struct Document: Hashable, Sendable {
  /// The file's path, for messages and for pictures beside it.
  package var file: String
  package var blocks: [Block]
  /// The footnotes that the text refers to, in the order of the references.
  package var footnotes: [[Block]]
  /// An error if the text is too deep or too long to be read. A single block then says so in place of the text.
  package var excess: InputError?
  /// Warnings about misleading text: table rows whose last cells are lost, or code that isn't an expression.
  package var warnings: [InputError]

  /// Reads a Markdown text without its front matter.
  /// - Parameter firstLine: The line in the file of the text's first line.
  package init(markdown: String, file: String, firstLine: Int = 1) {
    self.file = file
    (blocks, footnotes, warnings) = ([], [], [])
    let markdown = MarkdownReader.unified(markdown)
    var found = MarkdownBudget.excess(in: markdown)
    if found == nil, let line = MarkdownNode.line(in: markdown, deeperThan: Budgets.markdownTreeDepth) {
      found = MarkdownBudget.Excess(
        line: line, cause: "the text is nested more than \(Budgets.markdownTreeDepth) levels deep")
    }
    let reading: Result<MarkdownReader.Tree, MarkdownBudget.Excess> =
      found.map { .failure($0) } ?? MarkdownReader.read(unified: markdown, firstLine: firstLine)
    switch reading {
    case .success(let tree):
      blocks = tree.blocks
      footnotes = tree.footnotes
      warnings = tree.warnings.map {
        InputError(
          $0.cause, at: Place(file: file, line: $0.position.line, column: $0.position.column), remedy: $0.remedy)
      }
      let expressions = self.expressions
      guard expressions.count > Budgets.markdownExpressions else { return }
      found = .expressions(line: expressions[Budgets.markdownExpressions].position.line - firstLine + 1)
    case .failure(let excess): found = excess
    }
    guard let found else { return }
    excess = InputError(
      found.cause, at: Place(file: file, line: found.line + firstLine - 1),
      remedy: "Divide the text into smaller parts.")
    let shown = "This text can't be shown: \(found.cause)."
    blocks = [Block(content: .paragraph([.text(shown)]), position: SourcePosition(line: firstLine, column: 1))]
    (footnotes, warnings) = ([], [])
  }

  /// All blocks, including those inside lists, quotes and footnotes, in reading order.
  package var allBlocks: [Block] {
    blocks.flattened + footnotes.flatMap(\.flattened)
  }

  /// All code blocks in reading order.
  package var codeBlocks: [CodeBlock] {
    allBlocks.compactMap { block in
      if case .code(let code) = block.content { code } else { nil }
    }
  }

  /// All headings in reading order.
  package var headings: [(level: Int, content: [Inline], position: SourcePosition)] {
    allBlocks.compactMap { block in
      if case .heading(let level, let content) = block.content { (level, content, block.position) } else { nil }
    }
  }

  /// All inline expressions, each at its own index.
  package var expressions: [InlineExpression] {
    (blocks.inlines + footnotes.flatMap(\.inlines)).flatMap { inline -> [InlineExpression] in
      switch inline {
      case .expression(let expression): [expression]
      case .formula(let formula): formula.expressions
      default: []
      }
    }
  }

  /// The errors that make the text unusable: fences without an end.
  package var errors: [InputError] {
    [excess].compactMap { $0 }
      + codeBlocks.filter { $0.isFenced && !$0.isClosed }.map { code in
        InputError(
          "this code block has no closing fence", at: place(code.position),
          remedy: "End it with a line of as many backticks or tildes as it begins with.")
      }
  }

  /// The place of `position` in the file.
  package func place(_ position: SourcePosition) -> Place {
    Place(file: file, line: position.line, column: position.column)
  }
}
