import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An element of presentation MathML.
package struct MathElement: Hashable, Sendable {
  package var name: String
  package var attributes: [String: String] = [:]
  /// The text of `mi`, `mn`, `mo` and `mtext`.
  package var text = ""
  package var children: [MathElement] = []

  /// The elements that a page may contain. Formulas with other elements are shown as TeX.
  package static let names: Set<String> = [
    "math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow",
    "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
  ]
  private static let attributeNames: Set<String> = [
    "accent", "columnalign", "columnspacing", "display", "displaystyle", "linethickness", "lspace", "mathvariant",
    "maxsize", "minsize", "movablelimits", "rowspacing", "rspace", "scriptlevel", "stretchy", "width",
  ]

  /// The element and its descendants as markup, without unknown elements and attributes.
  package var html: HTML {
    guard Self.names.contains(name) else { return .empty }
    let known = attributes.filter { Self.attributeNames.contains($0.key) }.sorted { $0.key < $1.key }
    let content = HTML.text(text) + .joined(children.map(\.html))
    return .element(name, pairs: known.map { ($0.key, $0.value) }, content)
  }

  /// The text of the element and its descendants.
  package var plainText: String { text + children.map(\.plainText).joined() }
}

/// Reads blahtexml's output: the MathML of each formula, or the error.
package final class MathReader: NSObject, XMLParserDelegate {
  /// The results, one for each `f` element.
  package private(set) var formulas: [Result<MathElement, FormulaProblem>] = []
  private var open: [MathElement] = []
  private var problem: String?
  private var finished: MathElement?

  /// - Returns: nil when the text is not well-formed.
  package static func read(_ xml: Data) -> [Result<MathElement, FormulaProblem>]? {
    let reader = MathReader()
    let parser = XMLParser(data: xml)
    parser.delegate = reader
    return parser.parse() ? reader.formulas : nil
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch name {
    case "doc": break
    case "f": problem = nil
    case "error": problem = ""
    default: open.append(MathElement(name: name, attributes: attributes))
    }
  }

  package func parser(_ parser: XMLParser, foundCharacters text: String) {
    if problem != nil {
      problem?.append(text)
    } else if !open.isEmpty {
      open[open.count - 1].text += text
    }
  }

  package func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    switch name {
    case "doc", "error": break
    case "f":
      if let problem {
        formulas.append(.failure(FormulaProblem(cause: problem)))
      } else if let formula = finished {
        formulas.append(.success(formula))
      } else {
        formulas.append(.failure(FormulaProblem(cause: "it is empty")))
      }
      finished = nil
    default:
      var element = open.removeLast()
      element.text = Self.normalised(element.text, in: element.name)
      if open.isEmpty { finished = element } else { open[open.count - 1].children.append(element) }
    }
  }

  /// Replaces the hyphen by a minus sign, and Chinese brackets by mathematical ones.
  private static func normalised(_ text: String, in element: String) -> String {
    guard element == "mo" else { return text }
    switch text {
    case "-": return "\u{2212}"
    case "\u{3008}", "\u{2329}": return "\u{27E8}"
    case "\u{3009}", "\u{232A}": return "\u{27E9}"
    default: return text
    }
  }
}

/// The reason why a formula can't be translated.
package struct FormulaProblem: Error, Hashable, Sendable {
  package var cause: String
}
