import Wire

/// A cell's own seed: the first 53 bits of the SHA-256 of the notebook's seed and the cell's name. 53 bits survive as
/// a JSON number, and no cell's random numbers depend on whether another cell has run.
package enum CellSeed {
  package static func value(notebook: UInt64, cell: String) -> UInt64 {
    let digest = SHA256.hex("\(notebook) \(cell)")
    return (UInt64(digest.prefix(16), radix: 16) ?? 0) >> 11
  }
}
