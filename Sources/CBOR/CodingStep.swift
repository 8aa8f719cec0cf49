/// The position of a value within the value around it. It is converted to a coding key only if the coding path is
/// requested.
enum CodingStep {
  case whole
  case index(Int)
  case key(any CodingKey)

  var key: (any CodingKey)? {
    switch self {
    case .whole: nil
    case .index(let index): CBORKey(index)
    case .key(let key): key
    }
  }
}
