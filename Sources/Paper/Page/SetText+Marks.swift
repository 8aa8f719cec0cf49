import Basics
import Markup
import Report

/// Set text on a page.
extension SetText {
  /// The marks of a line: boxes behind the text, the text, objects in it, emphasis dots beneath it, and links.
  func marks(line number: Int, x: Double, baseline: Double) -> [PageMark] {
    let line = lines[number]
    var behind: [PageMark] = []
    var above: [PageMark] = []
    for span in line.spans.lazy.map({ self.text.spans[$0] }) where span.range.overlaps(line.range) {
      switch span.attribute {
      case .background(let ink):
        for (start, width) in extents(of: span.range, line: number) {
          let area = Area(
            x: x + start, y: baseline - 0.98 * format.size, width: width, height: 1.3 * format.size)
          behind.append(PageMark(.box(fill: ink, stroke: nil, radius: 0.2 * format.size), area))
        }
      case .link(let target):
        for (start, width) in extents(of: span.range, line: number) {
          let area = Area(x: x + start, y: baseline - line.ascent, width: width, height: line.height)
          above.append(PageMark(.link(target), area))
        }
      case .dotted:
        for (start, width) in dotted(span.range, line: number) {
          let middle = x + start + width / 2
          let area = Area(x: middle - 0.07 * format.size, y: baseline + 0.2 * format.size, size: 0.14 * format.size)
          above.append(PageMark(.box(fill: format.color, stroke: nil, radius: 0.07 * format.size), area))
        }
      default: break
      }
    }
    for (object, offset) in text.objects[line.objects] {
      guard let start = extents(of: offset..<(offset + 3), line: number).first?.x else { continue }
      let area = Area(
        x: x + start, y: baseline - object.ascent, width: object.width, height: object.ascent + object.descent)
      switch object {
      case .formula(let box, _): above.append(PageMark(.formula(box, format.color), area))
      case .picture(let picture, _, _): above.append(PageMark(.picture(picture), area))
      }
    }
    let area = Area(x: x, y: baseline - line.ascent, width: line.width, height: line.height)
    return behind + [PageMark(.text(self, line: number), area)] + above
  }

  private func dotted(_ range: Range<Int>, line number: Int) -> [(x: Double, width: Double)] {
    let bytes = text.text.utf8
    var offset = range.lowerBound
    var places: [(x: Double, width: Double)] = []
    let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
    let end = bytes.index(bytes.startIndex, offsetBy: range.upperBound)
    for character in text.text[start..<end] {
      let length = character.utf8.count
      if character.isEastAsianWide, !character.isEastAsianPunctuation {
        places += extents(of: offset..<(offset + length), line: number)
      }
      offset += length
    }
    return places
  }

  /// The footnotes that a line refers to.
  func notes(line number: Int) -> [Int] {
    lines[number].spans.compactMap { place in
      let span = text.spans[place]
      return if case .note(let note) = span.attribute, lines[number].range.contains(span.range.lowerBound) {
        note
      } else {
        nil
      }
    }
  }
}
