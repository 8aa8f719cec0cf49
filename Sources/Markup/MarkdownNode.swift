internal import CMarkdown

/// A node of cmark-gfm's tree. It is valid only within the `MarkdownNode.withTree` call that made it.
package struct MarkdownNode {
  private let node: OpaquePointer

  /// Parses a text with GitHub's extensions and passes the root to `body`.
  package static func withTree<Result>(of text: String, _ body: (MarkdownNode) -> Result) -> Result? {
    _ = registration
    guard let parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE) else { return nil }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
      if let syntax = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, syntax) }
    }
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
    }
    guard let root = cmark_parser_finish(parser) else { return nil }
    defer { cmark_node_free(root) }
    return body(MarkdownNode(node: root))
  }

  /// The line, from 1, of the block in which a text is nested deeper than `limit`; nil if it isn't.
  static func line(in text: String, deeperThan limit: Int) -> Int? {
    withTree(of: text) { root -> Int? in
      guard let iterator = cmark_iter_new(root.node) else { return nil }
      defer { cmark_iter_free(iterator) }
      var depth = 0
      var line = 1
      while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
        guard let node = cmark_iter_get_node(iterator), cmark_node_first_child(node) != nil else { continue }
        depth += event == CMARK_EVENT_ENTER ? 1 : -1
        line = max(line, Int(cmark_node_get_start_line(node)))
        if depth > limit { return line }
      }
      return nil
    } ?? nil
  }

  /// Registering is not thread-safe, and a static value is initialised only once.
  private static let registration: Void = cmark_gfm_core_extensions_ensure_registered()

  package enum Kind {
    case document, paragraph, heading, code, quote, list, item, table, tableRow, tableCell, thematicBreak, html
    case footnoteDefinition
    case text, softBreak, lineBreak, inlineCode, emphasis, strong, strikethrough, link, image, inlineHTML
    case footnoteReference
    case other
  }

  /// Node types of extensions have numbers that are assigned at run time, so all types are distinguished by name,
  /// except footnotes, which have none.
  package var kind: Kind {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_FOOTNOTE_DEFINITION: return .footnoteDefinition
    case CMARK_NODE_FOOTNOTE_REFERENCE: return .footnoteReference
    default: break
    }
    return Self.kinds[cmark_node_get_type_string(node).map { String(cString: $0) } ?? ""] ?? .other
  }

  private static let kinds: [String: Kind] = [
    "document": .document, "paragraph": .paragraph, "heading": .heading, "code_block": .code, "block_quote": .quote,
    "list": .list, "item": .item, "tasklist": .item, "table": .table, "table_header": .tableRow, "table_row": .tableRow,
    "table_cell": .tableCell, "thematic_break": .thematicBreak, "html_block": .html, "text": .text,
    "softbreak": .softBreak, "linebreak": .lineBreak, "code": .inlineCode, "emph": .emphasis, "strong": .strong,
    "strikethrough": .strikethrough, "link": .link, "image": .image, "html_inline": .inlineHTML,
  ]

  package var children: [MarkdownNode] {
    var children: [MarkdownNode] = []
    var next = cmark_node_first_child(node)
    while let child = next {
      children.append(MarkdownNode(node: child))
      next = cmark_node_next(child)
    }
    return children
  }

  /// This node and all its descendants, parents first.
  package var descendants: [MarkdownNode] {
    [self] + children.flatMap(\.descendants)
  }

  /// The first line, from 1 in the parser's text. It is unreliable for inlines and in the cases that `lines`
  /// corrects.
  package var startLine: Int { Int(cmark_node_get_start_line(node)) }
  package var endLine: Int { Int(cmark_node_get_end_line(node)) }

  /// The lines of a block, from 1.
  ///
  /// If a table directly follows a paragraph, cmark-gfm gives the paragraph no lines, and gives the table and its
  /// header the lines of the paragraph's beginning. This corrects them.
  package var lines: ClosedRange<Int> {
    let parent = cmark_node_parent(node).map { MarkdownNode(node: $0) }
    if kind == .tableCell, let parent { return parent.lines }
    var (first, last) = (startLine, endLine)
    if kind == .paragraph, first == 0, let table = sibling(cmark_node_next) {
      (first, last) = (table.startLine, table.headerLine - 1)
    } else if kind == .table, sibling(cmark_node_previous)?.hasNoLines == true {
      first = headerLine
    } else if kind == .tableRow {
      if cmark_gfm_extensions_get_table_row_is_header(node) != 0, let parent { first = parent.headerLine }
      last = first
    }
    return max(1, first)...max(1, first, last)
  }

  private var hasNoLines: Bool { kind == .paragraph && startLine == 0 }

  /// The line of a table's header: two above its first row, or just above its end.
  private var headerLine: Int {
    guard sibling(cmark_node_previous)?.hasNoLines == true else { return startLine }
    let rows = children
    return rows.count > 1 ? rows[1].startLine - 2 : endLine - 1
  }

  private func sibling(_ step: (OpaquePointer?) -> OpaquePointer?) -> MarkdownNode? {
    step(node).map { MarkdownNode(node: $0) }
  }

  /// The column in bytes, from 1.
  package var startColumn: Int { Int(cmark_node_get_start_column(node)) }

  package var literal: String { string(cmark_node_get_literal(node)) }
  package var info: String { string(cmark_node_get_fence_info(node)) }
  package var destination: String { string(cmark_node_get_url(node)) }
  package var title: String { string(cmark_node_get_title(node)) }
  package var headingLevel: Int { Int(cmark_node_get_heading_level(node)) }
  package var isTight: Bool { cmark_node_get_list_tight(node) != 0 }

  /// A numbered list's first number.
  package var listStart: Int? {
    cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(node)) : nil
  }

  /// Whether a task is done; nil for an item that isn't a task.
  package var isChecked: Bool? {
    guard cmark_node_get_type_string(node).map({ String(cString: $0) }) == "tasklist" else { return nil }
    return cmark_gfm_extensions_get_tasklist_item_checked(node)
  }

  /// The character and length of a code block's fence; nil for indented code.
  package var fence: (character: Character, length: Int)? {
    var (length, offset, character) = (CInt(0), CInt(0), CChar(0))
    guard cmark_node_get_fenced(node, &length, &offset, &character) != 0 else { return nil }
    return (Character(Unicode.Scalar(UInt8(bitPattern: character))), Int(length))
  }

  /// The alignment of each column of a table.
  package var alignments: [TableBlock.Alignment] {
    let count = Int(cmark_gfm_extensions_get_table_columns(node))
    guard count > 0, let letters = cmark_gfm_extensions_get_table_alignments(node) else { return [] }
    return (0..<count).map { column in
      switch letters[column] {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: .none
      }
    }
  }

  private func string(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }
}
