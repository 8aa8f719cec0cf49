/// A part of a document that stands on lines of its own.
struct Block: Hashable, Sendable {
  var content: Content
  var position: SourcePosition

  indirect enum Content: Hashable, Sendable {
    case paragraph([Inline])
    case heading(level: Int, [Inline])
    case code(CodeBlock)
    case quote([Block])
    case list(ListBlock)
    case table(TableBlock)
    /// A formula in TeX on lines of its own.
    case math(String)
    case thematicBreak
    /// Raw HTML, which writers show as text.
    case html(String)
  }
}

/// A list and its items.
struct ListBlock: Hashable, Sendable {
  struct Item: Hashable, Sendable {
    var blocks: [Block]
    /// Whether the box of a task is ticked; nil for what isn't a task.
    var isChecked: Bool?
  }

  /// The first item's number; nil when the items have bullets.
  var start: Int?
  /// Whether the items stand without space between them.
  var isTight: Bool
  var items: [Item]
}

/// A table written in Markdown.
struct TableBlock: Hashable, Sendable {
  enum Alignment: Hashable, Sendable {
    case none, left, center, right
  }

  /// One alignment a column.
  var alignments: [Alignment]
  var header: [[Inline]]
  /// The cells of each row, as many as there are columns.
  var rows: [[[Inline]]]
}

extension [Block] {
  /// These blocks and all that they contain, in reading order.
  var flattened: [Block] {
    flatMap { block -> [Block] in
      switch block.content {
      case .quote(let blocks): [block] + blocks.flattened
      case .list(let list): [block] + list.items.flatMap(\.blocks.flattened)
      default: [block]
      }
    }
  }

  /// The runs of text directly and indirectly in these blocks, in reading order.
  var inlines: [Inline] {
    flattened.flatMap { block -> [Inline] in
      switch block.content {
      case .paragraph(let inlines), .heading(_, let inlines): inlines.flattened
      case .table(let table): (table.header + table.rows.flatMap { $0 }).flatMap(\.flattened)
      default: []
      }
    }
  }
}
