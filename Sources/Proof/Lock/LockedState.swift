import Engine

/// The state of a cell in a report's lock. It is written as `current` for any current result, and as `missing` for no
/// result.
@propertyWrapper package struct LockedState: Codable, Sendable {
  package var wrappedValue: CellState

  package init(wrappedValue: CellState) {
    self.wrappedValue = wrappedValue
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let state = [CellState.fresh, .stale, .failed, .left].first(where: { $0.lockName == name }) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(name)\" is not a state of a cell")
    }
    wrappedValue = state
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.lockName)
  }
}

extension CellState {
  package var lockName: String {
    switch self {
    case .fresh, .ran: "current"
    case .stale: "stale"
    case .failed: "failed"
    case .blocked, .left: "missing"
    }
  }
}
