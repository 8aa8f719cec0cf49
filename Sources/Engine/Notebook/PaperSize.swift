/// A size of paper.
package enum PaperSize: String, CaseIterable, Sendable {
  case a4, letter
}
