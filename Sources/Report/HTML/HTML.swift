import Basics

/// A piece of HTML that is well-formed and escaped by construction: text enters only through `text` and attributes.
///
/// The syntax is also valid XML (`<br/>`, every attribute with a value), so that strict parsers can check a page.
package struct HTML: Sendable {
  package typealias Attributes = KeyValuePairs<String, String?>

  package private(set) var source: String

  private init(source: String) {
    self.source = source
  }

  package static let empty = HTML(source: "")

  package static func text(_ text: String) -> HTML {
    HTML(source: escaped(text))
  }

  /// An element; attributes that are nil are left out.
  package static func element(_ name: String, _ attributes: Attributes = [:], _ content: HTML...) -> HTML {
    HTML(source: opening(name, attributes) + ">" + joined(content).source + "</\(name)>")
  }

  /// An element with attributes as pairs, for names that are known only at run time.
  package static func element(_ name: String, pairs: [(String, String)], _ content: HTML) -> HTML {
    let attributes = pairs.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    return HTML(source: "<\(name)\(attributes)>\(content.source)</\(name)>")
  }

  /// An element whose content has lines of its own in the source.
  package static func block(_ name: String, _ attributes: Attributes = [:], _ content: HTML...) -> HTML {
    let parts = content.filter { !$0.isEmpty }
    return HTML(source: opening(name, attributes) + ">\n" + lines(parts).source + "</\(name)>")
  }

  /// An element that can't have content.
  package static func void(_ name: String, _ attributes: Attributes = [:]) -> HTML {
    HTML(source: opening(name, attributes) + "/>")
  }

  /// Markup from one of Labbook's own writers, which has been escaped already.
  package static func trusted(_ source: String) -> HTML {
    HTML(source: source)
  }

  package static func joined(_ parts: [HTML]) -> HTML {
    HTML(source: parts.map(\.source).joined())
  }

  /// The parts, each on lines of its own.
  package static func lines(_ parts: [HTML]) -> HTML {
    HTML(source: parts.filter { !$0.isEmpty }.map { $0.source.hasSuffix("\n") ? $0.source : $0.source + "\n" }.joined())
  }

  package static func + (left: HTML, right: HTML) -> HTML {
    HTML(source: left.source + right.source)
  }

  package var isEmpty: Bool { source.isEmpty }

  private static func opening(_ name: String, _ attributes: Attributes) -> String {
    attributes.reduce(into: "<\(name)") { source, attribute in
      if let value = attribute.value { source += " \(attribute.key)=\"\(escaped(value))\"" }
    }
  }

  /// Text with HTML's special characters escaped, and invisible characters made visible.
  private static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default:
        if let form = scalar.visibleForm {
          result += form.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
