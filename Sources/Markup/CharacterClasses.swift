extension Unicode.Scalar {
  /// Whether this is a Chinese, Japanese or Korean character or punctuation mark, which takes a full-width square.
  package var isEastAsianWide: Bool {
    switch value {
    case 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// Whether Markdown counts this as punctuation, although in Chinese no space follows it.
  package var isEastAsianPunctuation: Bool {
    switch value {
    case 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x3001...0x3003, 0x3008...0x3011, 0x3014...0x301F,
      0xFF01...0xFF0F,
      0xFF1A...0xFF20, 0xFF3B...0xFF3D, 0xFF5B...0xFF60:
      true
    default: false
    }
  }
}

extension Character {
  /// Whether this is a Korean syllable. Korean separates words by spaces.
  package var isHangul: Bool { unicodeScalars.first.map { (0xAC00...0xD7A3).contains($0.value) } ?? false }
  package var isEastAsianWide: Bool { unicodeScalars.first?.isEastAsianWide ?? false }
  package var isEastAsianPunctuation: Bool { unicodeScalars.first?.isEastAsianPunctuation ?? false }
}
