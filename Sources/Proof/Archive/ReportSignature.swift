import Basics
import Engine
import Foundation
import Wire

/// The signature of a report's page: an Ed25519 signature, near the page's end, of everything else in the page.
package struct ReportSignature: Hashable, Sendable {
  /// The public key, in hexadecimal digits.
  package var publicKey: String
  /// Whether the page is unchanged since it was signed.
  package var isValid: Bool

  private static let end = "</body>"
  private static let opening = "<template class=\"labbook-signature\" "

  /// The page with its signature inserted before the last line, which closes body and document.
  package static func signed(_ page: String, key: UserKey = .user) -> String {
    guard let end = page.range(of: Self.end, options: .backwards) else { return page }
    let (head, tail) = (page[..<end.lowerBound], page[end.lowerBound...])
    let signature = key.signature(of: content(String(head), String(tail)))
    return head + opening + "data-key=\"\(key.publicKey)\" data-signature=\"\(signature)\"></template>\n" + tail
  }

  /// The signed content: the digest of the page without the signature.
  private static func content(_ head: String, _ tail: String) -> Data {
    Data("labbook report 1\n\(SHA256.hex(Data((head + tail).utf8)))\n".utf8)
  }

  /// Reads a page's signature; nil where there is none.
  package init?(page: String) {
    guard let start = page.range(of: Self.opening, options: .backwards),
      let match = page[start.upperBound...].prefixMatch(
        of: #/data-key="([0-9a-f]{64})" data-signature="([0-9a-f]{128})"></template>\n/#)
    else { return nil }
    publicKey = String(match.1)
    let tail = String(page[match.range.upperBound...])
    let content = Self.content(String(page[..<start.lowerBound]), tail)
    // Elsewhere in the page, an empty template could still separate the elements around it.
    let isAtEnd = tail.hasPrefix(Self.end) && !tail.dropFirst().contains(Self.end)
    isValid = isAtEnd && UserKey.isSigned(content, signature: String(match.2), publicKey: String(match.1))
  }
}

/// The maker of a report, as far as known.
package enum ReportMaker: Hashable, Sendable {
  case own
  case trusted(name: String)
  /// The page is signed with a key that the user doesn't trust.
  case stranger(key: String)
  case unsigned
  /// The page was changed after it was signed.
  case changed

  package init(page: String, own: UserKey = .user, trusted: TrustedKeys = TrustedKeys()) {
    guard let signature = ReportSignature(page: page) else {
      self = .unsigned
      return
    }
    guard signature.isValid else {
      self = .changed
      return
    }
    if signature.publicKey == own.publicKey, own.isKept {
      self = .own
    } else if let entry = trusted[signature.publicKey] {
      self = .trusted(name: entry.name)
    } else {
      self = .stranger(key: signature.publicKey)
    }
  }

  /// Whether the report's code may run with all rights of the user.
  package var isTrusted: Bool {
    switch self {
    case .own, .trusted: true
    case .stranger, .unsigned, .changed: false
    }
  }

  /// The maker, in one line.
  package var text: String {
    switch self {
    case .own: "signed with your own key"
    case .trusted(let name): "signed by \(name.isEmpty ? "a key that you trust" : name.visible)"
    case .stranger(let key): "signed by the key \(key), which you don't know (labbook trust KEY)"
    case .unsigned: "not signed: anybody may have written it"
    case .changed: "changed after it was signed"
    }
  }
}
