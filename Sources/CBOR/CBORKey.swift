/// A key for an index in a list, or for a name that no type declares.
enum CBORKey: CodingKey {
  case index(Int)
  case name(String)

  init(_ index: Int) { self = .index(index) }
  init(_ name: String) { self = .name(name) }
  init?(stringValue: String) { self = .name(stringValue) }
  init?(intValue: Int) { self = .index(intValue) }

  // The text is made only on request, since each element of a list has such a key.
  var stringValue: String {
    switch self {
    case .index(let index): "Index \(index)"
    case .name(let name): name
    }
  }

  var intValue: Int? {
    if case .index(let index) = self { index } else { nil }
  }
}
