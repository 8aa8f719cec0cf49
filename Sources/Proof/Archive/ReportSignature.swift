import Basics
import Engine
import Foundation
import Wire

/// Who made a report's page: the Ed25519 signature, at its end, of all that stands before.
package struct ReportSignature: Hashable, Sendable {
  /// In hexadecimal digits.
  package var publicKey: String
  /// Whether the page is as it was when it was signed.
  package var isValid: Bool

  private static let opening = "<template class=\"labbook-signature\" "

  /// The page with its signature before its last line, which ends body and document.
  package static func signed(_ page: String, key: UserKey = .user) -> String {
    guard let end = page.range(of: "</body>", options: .backwards) else { return page }
    let (head, tail) = (page[..<end.lowerBound], page[end.lowerBound...])
    let signature = key.signature(of: content(String(head), String(tail)))
    return head + opening + "data-key=\"\(key.publicKey)\" data-signature=\"\(signature)\"></template>\n" + tail
  }

  /// What is signed: the digest of the page without the signature.
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
    let content = Self.content(String(page[..<start.lowerBound]), String(page[match.range.upperBound...]))
    isValid = UserKey.isSigned(content, signature: String(match.2), publicKey: String(match.1))
  }
}

/// What is known of a report's maker.
package enum ReportMaker: Hashable, Sendable {
  case own
  case trusted(name: String)
  /// Signed by a key that isn't trusted.
  case stranger(key: String)
  case unsigned
  /// The page isn't what was signed.
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

  /// Whether the report's code may be run with all that the user may do.
  package var isTrusted: Bool {
    switch self {
    case .own, .trusted: true
    case .stranger, .unsigned, .changed: false
    }
  }

  /// One line.
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
