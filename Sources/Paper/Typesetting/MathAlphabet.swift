/// Maps letters to Unicode's mathematical alphabets.
enum MathAlphabet {
  /// `text` with its Latin letters and digits in the alphabet of a `mathvariant`. It is unchanged for variants that
  /// fonts have.
  static func text(_ text: String, variant: String) -> String {
    guard let alphabet = alphabets[variant] else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          if let exception = alphabet.exceptions[scalar] { return exception }
          switch scalar {
          case "A"..."Z": return Unicode.Scalar(alphabet.first + scalar.value - 0x41) ?? scalar
          case "a"..."z": return Unicode.Scalar(alphabet.first + 26 + scalar.value - 0x61) ?? scalar
          case "0"..."9": return alphabet.digits.flatMap { Unicode.Scalar($0 + scalar.value - 0x30) } ?? scalar
          default: return scalar
          }
        }))
  }

  private struct Alphabet {
    var first: UInt32
    var digits: UInt32?
    /// Letters that Unicode had before it had the alphabet.
    var exceptions: [Unicode.Scalar: Unicode.Scalar] = [:]
  }

  private static let alphabets: [String: Alphabet] = [
    "double-struck": Alphabet(
      first: 0x1D538, digits: 0x1D7D8,
      exceptions: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]),
    "script": Alphabet(
      first: 0x1D49C,
      exceptions: [
        "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ", "o": "ℴ",
      ]),
    "fraktur": Alphabet(first: 0x1D504, exceptions: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]),
    "sans-serif": Alphabet(first: 0x1D5A0, digits: 0x1D7E2),
    "monospace": Alphabet(first: 0x1D670, digits: 0x1D7F6),
  ]
}
