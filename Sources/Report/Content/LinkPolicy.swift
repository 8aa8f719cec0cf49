/// Decides which addresses a report may link to.
package enum LinkPolicy {
  private static let schemes: Set<String> = ["http", "https", "mailto", "tel", "doi", "ftp"]

  /// Whether a link is harmless: its address has no scheme, or a scheme that runs no code.
  ///
  /// Browsers skip white space and control characters in a scheme (`java\nscript:`), so both are removed before the
  /// check.
  package static func allows(_ destination: String) -> Bool {
    let visible = destination.unicodeScalars.filter { $0.value > 0x20 && !(0x7F...0x9F).contains($0.value) }
    guard let end = visible.firstIndex(where: { ":/?#".unicodeScalars.contains($0) }), visible[end] == ":" else {
      return true
    }
    return schemes.contains(String(String.UnicodeScalarView(visible[..<end])).lowercased())
  }

  /// Whether an address is outside the notebook's folder tree, for example on the network: it has a scheme or begins
  /// with `//`.
  package static func isRemote(_ source: String) -> Bool {
    source.hasPrefix("//") || source.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:/) != nil
  }
}
