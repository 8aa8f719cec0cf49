/// What a value is to the one around it. It is turned into a coding key only when somebody asks for the path.
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
