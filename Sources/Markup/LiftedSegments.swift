/// Pieces of a text that the Markdown parser must not see. Each is replaced by a private-use character, its mark.
///
/// A piece with several lines leaves another mark on each of its other lines, so that line numbers are kept.
package struct LiftedSegments {
  package enum Segment {
    case math(String, display: Bool)
    /// Text that is not Markdown.
    case text(String)
  }

  private static let firstMark: UInt32 = 0xF0000
  private static let lastMark: UInt32 = 0xFFFFC
  /// The mark of a lifted piece's further lines.
  package static let continuation: Character = "\u{10FFFD}"

  /// The greatest number of pieces.
  package static let most = Int(lastMark - firstMark) + 1  // bounded: a constant

  /// Whether there were more pieces than marks.
  package private(set) var isFull = false

  package private(set) var segments: [(segment: Segment, source: String, line: Int)] = []

  /// Whether a character of the text could be confused with a mark, so that it must be lifted too.
  package static func isReserved(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value >= firstMark }
  }

  /// Lifts a piece whose Markdown is `source`, on a line counted from 0; nil when no marks are left.
  package mutating func lift(_ segment: Segment, source: String, line: Int = 0) -> Character? {
    let value = Self.firstMark + UInt32(segments.count)
    guard value <= Self.lastMark, let mark = Unicode.Scalar(value) else {
      isFull = true
      return nil
    }
    segments.append((segment, source, line))
    return Character(mark)
  }

  /// The line, from 0, of the formula with this number, from 0; nil if there are fewer.
  package func line(ofFormula number: Int) -> Int? {
    var formulas = 0
    return segments.first { piece in
      guard case .math = piece.segment else { return false }
      formulas += 1
      return formulas > number
    }?.line
  }

  /// The piece of a mark.
  package subscript(mark: Character) -> (segment: Segment, source: String, line: Int)? {
    guard let scalar = mark.unicodeScalars.first, scalar.value >= Self.firstMark else { return nil }
    let index = Int(scalar.value - Self.firstMark)
    return segments.indices.contains(index) ? segments[index] : nil
  }

  /// A text with its pieces restored to the original Markdown.
  package func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value >= Self.firstMark }) else { return text }
    return text.map { character in
      character == Self.continuation ? "" : self[character]?.source ?? String(character)
    }.joined()
  }
}
