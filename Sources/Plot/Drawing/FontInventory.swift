internal import CCairo

/// Finds the installed fonts, and the Debian packages of missing ones.
enum FontInventory {
  /// Whether any font is installed. Without a font Pango aborts the program. Fonts that are installed later are found
  /// only by the next program.
  static let hasFonts: Bool = {
    var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
    var count: Int32 = 0
    pango_font_map_list_families(FontMap.shared, &families, &count)
    defer { g_free(families) }
    // Pango always lists these aliases, even if no font is installed.
    let aliases: Set = ["Sans", "Serif", "Monospace", "System-ui"]
    return (0..<Int(count)).contains { position in
      guard let family = families?[position], let name = pango_font_family_get_name(family) else { return false }
      return !aliases.contains(String(cString: name))
    }
  }()

  static let noFonts = DrawingError(
    "no font is installed, so no text can be drawn",
    remedy: "Install fonts: apt-get install fonts-noto-core fonts-noto-cjk")

  static func missing(_ characters: [Unicode.Scalar], in text: String) -> DrawingError {
    let named = characters.prefix(5).map { scalar in
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "\"\(scalar)\" (U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code))"
    }
    let more = characters.count > 5 ? " and \(characters.count - 5) more" : ""
    var packages: [String] = []
    for character in characters where !packages.contains(package(for: character)) {
      packages.append(package(for: character))
    }
    return DrawingError(
      "no installed font has \(named.joined(separator: ", "))\(more) of the text \"\(text)\"",
      remedy: "Install a font that has it: apt-get install \(packages.joined(separator: " "))")
  }

  /// The Debian package whose fonts have a character.
  static func package(for character: Unicode.Scalar) -> String {
    if character.properties.isEmojiPresentation { return "fonts-noto-color-emoji" }
    return switch character.value {
    case 0x1100...0x11FF, 0x2E80...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFFEF, 0x20000...0x323AF:
      "fonts-noto-cjk"
    case 0x1F000...0x1FAFF: "fonts-noto-color-emoji"
    case 0x0000...0x058F, 0x2000...0x2BFF: "fonts-noto-core"
    default: character.properties.generalCategory == .privateUse ? "fonts-unifont" : "fonts-noto-extra"
    }
  }
}
