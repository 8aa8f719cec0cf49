import Wire

/// A cell's own seed: the first 53 bits of a SHA-256 over the notebook's seed and the cell's name, so that it survives
/// as a JSON number and no cell's randomness depends on another's having run.
package enum CellSeed {
  package static func value(notebook: UInt64, cell: String) -> UInt64 {
    let digest = SHA256.hex("\(notebook) \(cell)")
    return (UInt64(digest.prefix(16), radix: 16) ?? 0) >> 11
  }
}
