import Wire

extension Notebook {
  /// The remedy for a file that a cell did not find, if an earlier cell seems to write it but doesn't declare so:
  /// then that cell stays fresh when the file is removed.
  func writerHint(for events: [CellEvent], in name: String) -> String? {
    let missing = events.compactMap { if case .read(let path, nil) = $0 { path } else { nil } }
    guard let path = missing.last else { return nil }
    let writer = cells.prefix { $0.name != name }.last { cell in
      cell.source.contains("\"\(path)\"") && !cell.options.writes.contains(path)
        && ["write", "save", "createFile"].contains { cell.source.contains($0) }
    }
    guard let writer else { return nil }
    return "The cell \"\(writer.name)\" seems to write it. Say so there, and the file is made again: "
      + "//| writes: \(path)"
  }
}

extension CellFailure {
  /// Inserts a remedy below the first line of the message.
  mutating func say(_ remedy: String) {
    let first = message.prefix { !$0.isNewline }
    message = "\(first)\n  \(remedy)" + message.dropFirst(first.count)
  }
}
