extension Unicode.Scalar {
  /// The visible replacement of a control or bidirectional formatting character; nil for all other characters.
  ///
  /// Control characters can move a terminal's cursor and overwrite lines. Bidirectional ones can show source code in
  /// another order than the compiler reads it (N. Boucher and R. Anderson, Trojan Source, 2021).
  package var visibleForm: String? {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
      "<U+\(String(value, radix: 16, uppercase: true).leftPadded(to: 4))>"
    default: value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : nil
    }
  }
}

extension StringProtocol {
  /// The text with its control and bidirectional characters made visible, for a line of a terminal or a name.
  package var visible: String { visible { _ in false } }

  /// The visible text with line ends and tabs unchanged.
  package var visibleLines: String { visible { $0 == "\n" || $0 == "\t" } }

  private func visible(except isKept: (Unicode.Scalar) -> Bool) -> String {
    // Most texts have no such characters.
    guard unicodeScalars.contains(where: { $0.visibleForm != nil && !isKept($0) }) else { return String(self) }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let form = scalar.visibleForm, !isKept(scalar) {
        result.append(contentsOf: form.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  fileprivate func leftPadded(to count: Int) -> String {
    String(repeating: "0", count: Swift.max(0, count - self.count)) + self
  }
}
