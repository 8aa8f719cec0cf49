import Basics
internal import CCairo
import Foundation

/// Writes a PDF's links, their targets, and its outline.
final class PageTags {
  /// A `cairo_surface_t *` for a PDF.
  private let surface: OpaquePointer
  /// A `cairo_t *`.
  private let context: OpaquePointer
  /// Points per logical unit.
  private let scale: Double
  /// Short ASCII names for the report's named places, which the file contains as they are.
  private let names: [String: String]
  private var written: Set<String> = []
  /// The outline's entry of each level, under which later entries are.
  private var parents: [(level: Int, entry: Int32)] = []

  /// - Parameter pages: All pages, so that only existing places are linked to.
  init(surface: OpaquePointer, context: OpaquePointer, scale: Double, pages: [Page]) {
    (self.surface, self.context, self.scale) = (surface, context, scale)
    var names: [String: String] = [:]
    for mark in pages.flatMap(\.strips).flatMap(\.strip.marks) {
      if case .place(let name) = mark.content, names[name] == nil { names[name] = "p\(names.count)" }
    }
    self.names = names
  }

  func link(_ target: LinkTarget, _ area: Area) {
    // The file's unit is the point, measured from the sheet's upper left corner.
    let rectangle = [area.x, area.y, area.width, area.height].map { Self.number($0 * scale) }.joined(separator: " ")
    switch target {
    case .address(let address):
      tag("Link", "rect=[\(rectangle)] uri='\(Self.escaped(address))'")
    case .place(let place):
      guard let name = names[place] else { return }
      tag("Link", "rect=[\(rectangle)] dest='\(name)'")
    }
  }

  func place(_ place: String, _ area: Area) {
    guard let name = names[place], written.insert(name).inserted else { return }
    let (x, y) = (Self.number(area.x * scale), Self.number(max(0, area.y - 8) * scale))
    tag("cairo.dest", "name='\(name)' x=\(x) y=\(y)")
  }

  func outline(_ title: String, level: Int, place: String) {
    guard let name = names[place] else { return }
    while let last = parents.last, last.level >= level { parents.removeLast() }
    let entry = cairo_pdf_surface_add_outline(
      surface, parents.last?.entry ?? Int32(CAIRO_PDF_OUTLINE_ROOT), title.isEmpty ? " " : title.visible,
      "dest='\(name)'",
      parents.isEmpty ? CAIRO_PDF_OUTLINE_FLAG_OPEN : cairo_pdf_outline_flags_t(rawValue: 0))
    parents.append((level, entry))
  }

  private func tag(_ name: String, _ attributes: String) {
    cairo_tag_begin(context, name, attributes)
    cairo_tag_end(context, name)
  }

  /// A number to a hundredth, without an exponent.
  private static func number(_ value: Double) -> String {
    let hundredths = Int(clamping: (value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let fraction = String(hundredths.magnitude % 100)
    return "\(sign)\(hundredths.magnitude / 100).\(fraction.count < 2 ? "0" : "")\(fraction)"
  }

  /// An address for PDF: in ASCII, with characters that are special in PDF files or for Cairo percent-encoded. Cairo
  /// 1.16 writes the address unescaped between parentheses, so that a parenthesis would end it.
  static func escaped(_ address: String) -> String {
    var result = ""
    for byte in address.utf8 {
      switch byte {
      case _ where Self.isPlain(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  /// Whether the byte is a letter, a digit or another character of addresses by RFC 3986, except quotes and brackets.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~:/?#@!$&*+,;=%".utf8.contains(byte)
    }
  }
}
