import Foundation
import FoundationXML

/// A page read by a strict XML parser, with the names and references in it.
package final class PageCheck: NSObject, XMLParserDelegate {
  /// Parts that aren't well-formed, and references to something that isn't in the page.
  package private(set) var problems: [String] = []
  /// The names of all elements outside drawings.
  package private(set) var elements: Set<String> = []
  /// The values of attributes that are links.
  package private(set) var addresses: [String] = []
  /// The text outside drawings and the style sheet.
  package private(set) var text = ""
  private var ids: Set<String> = []
  private var references: [String] = []
  private var open: [String] = []

  package init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() {
      let error = parser.parserError.map { String(describing: $0) } ?? ""
      problems.append("line \(parser.lineNumber), column \(parser.columnNumber): \(error)")
    }
    problems += references.filter { !ids.contains($0) }.map { "nothing is named \($0)" }
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(name)
    if let id = attributes["id"], !ids.insert(id).inserted { problems.append("\(id) is named twice") }
    for key in ["aria-labelledby", "aria-describedby"] {
      references += (attributes[key] ?? "").split(separator: " ").map(String.init)
    }
    guard !open.contains("svg") else { return }
    elements.insert(name)
    for key in attributes.keys where key.lowercased().hasPrefix("on") { problems.append("\(name) has \(key)") }
    for address in [attributes["href"], attributes["src"]].compactMap({ $0 }) {
      addresses.append(address)
      if address.hasPrefix("#") { references.append(String(address.dropFirst())) }
    }
    if name == "img", attributes["alt"] == nil { problems.append("a picture has no alt") }
  }

  package func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  package func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !open.contains("svg"), !open.contains("style") { text += string }
  }
}
