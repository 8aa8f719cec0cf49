/// A block of a document, which has lines of its own.
package struct Block: Hashable, Sendable {
  package var content: Content
  package var position: SourcePosition

  package indirect enum Content: Hashable, Sendable {
    case paragraph([Inline])
    case heading(level: Int, [Inline])
    case code(CodeBlock)
    case quote([Block])
    case list(ListBlock)
    case table(TableBlock)
    /// A display formula in TeX.
    case math(String)
    case thematicBreak
    /// Raw HTML, which writers show as text.
    case html(String)
  }
}

/// A list and its items.
package struct ListBlock: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package var blocks: [Block]
    /// Whether the box of a task is ticked; nil for an item that isn't a task.
    package var isChecked: Bool?
  }

  /// The first item's number; nil for a bulleted list.
  package var start: Int?
  /// Whether the items have no space between them.
  package var isTight: Bool
  package var items: [Item]
}

/// A table written in Markdown.
package struct TableBlock: Hashable, Sendable {
  package enum Alignment: Hashable, Sendable {
    case none, left, center, right
  }

  /// The alignment of each column.
  package var alignments: [Alignment]
  package var header: [[Inline]]
  /// The cells of each row; all rows have as many as there are columns.
  package var rows: [[[Inline]]]
}

extension [Block] {
  /// These blocks and all nested blocks, in reading order.
  package var flattened: [Block] {
    flatMap { block -> [Block] in
      switch block.content {
      case .quote(let blocks): [block] + blocks.flattened
      case .list(let list): [block] + list.items.flatMap(\.blocks.flattened)
      default: [block]
      }
    }
  }

  /// The runs of text in these blocks and all nested blocks, in reading order.
  package var inlines: [Inline] {
    flattened.flatMap { block -> [Inline] in
      switch block.content {
      case .paragraph(let inlines), .heading(_, let inlines): inlines.flattened
      case .table(let table): (table.header + table.rows.flatMap { $0 }).flatMap(\.flattened)
      default: []
      }
    }
  }
}
