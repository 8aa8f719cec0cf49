/// Which addresses a report may lead to.
package enum LinkPolicy {
  private static let schemes: Set<String> = ["http", "https", "mailto", "tel", "doi", "ftp"]

  /// Whether a link is harmless: an address without a scheme, or with one that runs nothing.
  ///
  /// Browsers skip white space and control characters in a scheme, so `java\nscript:` is looked at without them.
  package static func allows(_ destination: String) -> Bool {
    let visible = destination.unicodeScalars.filter { $0.value > 0x20 && !(0x7F...0x9F).contains($0.value) }
    guard let end = visible.firstIndex(where: { ":/?#".unicodeScalars.contains($0) }), visible[end] == ":" else {
      return true
    }
    return schemes.contains(String(String.UnicodeScalarView(visible[..<end])).lowercased())
  }

  /// Whether an address is on the network or elsewhere outside the notebook's folder tree, by scheme or by `//`.
  package static func isRemote(_ source: String) -> Bool {
    source.hasPrefix("//") || source.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:/) != nil
  }
}
