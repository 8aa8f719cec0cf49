internal import Basics
import Foundation

/// Writes scenes as small SVG: coordinates in whole tenths of logical units, and every glyph's outline once.
struct SVGWriter {
  /// The theme; nil for CSS custom properties that fall back to the light theme.
  let theme: Theme?
  let outlines: GlyphOutlines
  private var body = ""
  private var definitions = ""
  private let shared: SharedGlyphs?
  private var glyphNumbers: [String: Int] = [:]
  private var clipCount = 0
  private var markerNumbers: [String: Int] = [:]

  /// A placeholder for the chart's salt, which depends on the complete content. No text can contain it, because all
  /// control characters are removed.
  private static let salt = "\u{1}"

  init(theme: Theme?, shared: SharedGlyphs? = nil) throws {
    self.theme = theme
    self.shared = shared
    outlines = try shared?.outlines() ?? GlyphOutlines()
  }

  static func text(
    of scene: Scene, theme: Theme?, title: String, description: String, identifier: String, language: String,
    shared: SharedGlyphs? = nil
  ) throws -> String {
    var writer = try SVGWriter(theme: theme, shared: shared)
    try writer.write(scene.items)
    let (width, height) = (number(scene.size.width), number(scene.size.height))
    let names = title.isEmpty ? "\(salt)d" : "\(salt)t \(salt)d"
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="\(names)" lang="\(escaped(language))" \
      width="\(width)" height="\(height)" viewBox="0 0 \(tenths(scene.size.width)) \(tenths(scene.size.height))">
      """
    if !title.isEmpty { text += "<title id=\"\(salt)t\">\(escaped(title))</title>" }
    text += "<desc id=\"\(salt)d\">\(escaped(description))</desc>"
    if !writer.definitions.isEmpty { text += "<defs>\(writer.definitions)</defs>" }
    if let theme {
      text +=
        "<path fill=\"\(theme.paper.hexadecimal)\" d=\"M0 "
        + "0h\(tenths(scene.size.width))v\(tenths(scene.size.height))H0z\"/>"
    }
    text += writer.body + "</svg>"
    return text.replacing(salt, with: "c" + hash(text + identifier) + "-")
  }

  private mutating func write(_ items: [Scene.Item]) throws {
    for item in items {
      switch item {
      case .shape(let shape): write(shape)
      case .text(let text): try write(text)
      case .clip(let frame, let items):
        clipCount += 1
        definitions +=
          "<clipPath id=\"\(Self.salt)p\(clipCount)\"><path d=\"M\(Self.tenths(frame.left)) \(Self.tenths(frame.top))"
          + "h\(Self.tenths(frame.width))v\(Self.tenths(frame.height))h-\(Self.tenths(frame.width))z\"/></clipPath>"
        body += "<g clip-path=\"url(#\(Self.salt)p\(clipCount))\">"
        try write(items)
        body += "</g>"
      }
    }
  }

  private mutating func write(_ shape: Shape) {
    switch shape.geometry {
    case .lines(let lines):
      let isCrisp = shape.strokeWidth <= 1 && lines.allSatisfy { $0.count == 2 }
      var path = PathWriter(unit: 10)
      for line in lines {
        guard let first = line.first else { continue }
        let shiftX = isCrisp && line.allSatisfy { $0.x == first.x } ? 0.5 : 0
        let shiftY = isCrisp && line.allSatisfy { $0.y == first.y } ? 0.5 : 0
        path.move(to: Point(x: first.x + shiftX, y: first.y + shiftY))
        for point in line.dropFirst() { path.line(to: Point(x: point.x + shiftX, y: point.y + shiftY)) }
      }
      if !path.text.isEmpty { body += "<path\(paint(shape)) d=\"\(path.text)\"/>" }
    case .polygons(let polygons):
      var path = PathWriter(unit: 10)
      for polygon in polygons {
        guard let first = polygon.first else { continue }
        path.move(to: first)
        for point in polygon.dropFirst() { path.line(to: point) }
        path.close()
      }
      if !path.text.isEmpty { body += "<path\(paint(shape)) d=\"\(path.text)\"/>" }
    case .rectangles(let rectangles, let radius):
      var path = PathWriter(unit: 10)
      for rectangle in rectangles { path.rectangle(rectangle, cornerRadius: radius) }
      if !path.text.isEmpty { body += "<path\(paint(shape)) d=\"\(path.text)\"/>" }
    case .circles(let centers, let radius):
      writeCircles(centers, radius: radius, shape: shape)
    }
  }

  /// Markers at every vertex of an invisible line. A circle takes a few bytes, and translucent circles add up.
  private mutating func writeCircles(_ centers: [Point], radius: Double, shape: Shape) {
    guard centers.count > 4 else {
      for center in centers {
        body +=
          "<circle cx=\"\(Self.tenths(center.x))\" cy=\"\(Self.tenths(center.y))\" "
          + "r=\"\(Self.tenths(radius))\"\(paint(shape))/>"
      }
      return
    }
    let extent = Self.tenths(radius + shape.strokeWidth)
    let circle = "<circle r=\"\(Self.tenths(radius))\"\(paint(shape))/>"
    let marker: Int
    if let known = markerNumbers[circle] {
      marker = known
    } else {
      marker = markerNumbers.count + 1
      markerNumbers[circle] = marker
      definitions +=
        "<marker id=\"\(Self.salt)m\(marker)\" markerUnits=\"userSpaceOnUse\" overflow=\"visible\" "
        + "markerWidth=\"\(2 * extent)\" markerHeight=\"\(2 * extent)\">\(circle)</marker>"
    }
    var path = PathWriter(unit: 10)
    for center in centers { path.vertex(center) }
    let reference = "url(#\(Self.salt)m\(marker))"
    body +=
      "<path fill=\"none\" marker-start=\"\(reference)\" marker-mid=\"\(reference)\" marker-end=\"\(reference)\" "
      + "d=\"\(path.text)\"/>"
  }

  private func paint(_ shape: Shape) -> String {
    var attributes = " fill=\"\(shape.fill.map(color) ?? "none")\""
    if let stroke = shape.stroke {
      attributes += " stroke=\"\(color(stroke))\" stroke-width=\"\(Self.number(shape.strokeWidth * 10))\""
      if case .lines = shape.geometry {
        if shape.dash == .dotted || shape.dash == .solid { attributes += " stroke-linecap=\"round\"" }
        attributes += " stroke-linejoin=\"round\""
      }
      if shape.dash != .solid {
        let lengths = shape.dashLengths.map { Self.number($0 * 10) }.joined(separator: " ")
        attributes += " stroke-dasharray=\"\(lengths)\""
      }
    }
    if shape.isCrisp { attributes += " shape-rendering=\"crispEdges\"" }
    if shape.opacity < 1 { attributes += " opacity=\"\(Self.number(shape.opacity))\"" }
    return attributes
  }

  /// Writes text as outlines, so that it shows on machines without the fonts. Screen readers use the title and the
  /// description.
  private mutating func write(_ text: PlacedText) throws {
    var uses = ""
    var pictures = ""
    // Outlines have a grid of their own, which is scaled by the font's size and the tenths.
    let size = text.text.size
    let scale = size * 10 / GlyphOutlines.unitsPerEm
    for glyph in text.text.glyphs {
      guard let outline = try outlines.outline(of: glyph, in: text.text.text) else {
        pictures += try picture(of: glyph, in: text)
        continue
      }
      guard !outline.isEmpty else { continue }
      let reference = reference(to: outline)
      let x = Int(clamping: (glyph.x * 10 / scale).rounded())
      let y = Int(clamping: (glyph.y * 10 / scale).rounded())
      uses += "<use href=\"#\(reference)\"\(x == 0 ? "" : " x=\"\(x)\"") y=\"\(y)\"/>"
    }
    body += pictures
    guard !uses.isEmpty else { return }
    let halo =
      text.hasHalo
      ? " stroke=\"\(color(.color(.paper)))\" stroke-width=\"\(Self.number(30 / scale))\" stroke-linejoin=\"round\" "
        + "paint-order=\"stroke\""
      : ""
    body +=
      "<g fill=\"\(color(text.color))\"\(halo) transform=\"translate(\(Self.tenths(text.origin.x)) "
      + "\(Self.tenths(text.origin.y)))"
      + "scale(\(Self.number(scale)))\">\(uses)</g>"
  }

  /// The id of an outline, which is defined once here or for the whole page.
  private mutating func reference(to outline: String) -> String {
    if let shared { return shared.reference(to: outline) }
    if let known = glyphNumbers[outline] { return "\(Self.salt)\(known)" }
    let number = glyphNumbers.count + 1
    glyphNumbers[outline] = number
    definitions += "<path id=\"\(Self.salt)\(number)\" d=\"\(outline)\"/>"
    return "\(Self.salt)\(number)"
  }

  private func picture(of glyph: ShapedText.Glyph, in text: PlacedText) throws -> String {
    let picture = try GlyphPicture(of: glyph, in: text.text.text)
    let (x, y) = (text.origin.x + glyph.x + picture.left, text.origin.y + glyph.y + picture.top)
    return "<image x=\"\(Self.tenths(x))\" y=\"\(Self.tenths(y))\" width=\"\(Self.tenths(picture.width))\" "
      + "height=\"\(Self.tenths(picture.height))\" "
      + "href=\"data:image/png;base64,\(picture.png.base64EncodedString())\"/>"
  }

  private func color(_ role: ColorRole) -> String {
    if let theme { return theme[role].hexadecimal }
    return "var(\(role.customProperty),\(Theme.light[role].hexadecimal))"
  }

  private static func tenths(_ value: Double) -> Int { Int(clamping: (value * 10).rounded()) }

  /// A number with up to three decimals, without trailing zeros.
  private static func number(_ value: Double) -> String {
    let thousandths = Int(clamping: (value * 1000).rounded())
    let (whole, part) = (thousandths.magnitude / 1000, thousandths.magnitude % 1000)
    let sign = thousandths < 0 ? "-" : ""
    guard part > 0 else { return sign + String(whole) }
    return sign + NumberFormat.trimmedZeros("\(whole == 0 ? "" : String(whole)).\(String(1000 + part).dropFirst())")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result += " "
      default:
        if let form = scalar.visibleForm {
          result += escaped(form)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// Six digits in base 36 of a 64-bit FNV-1a hash: short, because it is in every reference, and sufficient for a
  /// page.
  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash % 2_176_782_336, radix: 36)
  }
}
