extension NASBench201.Cell {
  /// Reads a cell's string, `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`.
  /// - Throws: `InputError` that names the column in the string and what was expected there.
  public init(_ text: String) throws {
    var parser = NASBench201Parser(text)
    do {
      self = try parser.cell()
    } catch {
      throw InputError(
        "the cell \"\(text)\" is wrong at its column \(error.column): \(error.cause)", remedy: error.remedy)
    }
  }
}

/// Reads a cell's string from left to right.
private struct NASBench201Parser {
  struct Failure: Error {
    var column: Int
    var cause: String
    var remedy: String?
  }

  private static let grammar = "A cell reads |op~0|+|op~0|op~1|+|op~0|op~1|op~2|."

  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    characters = Array(text)
  }

  mutating func cell() throws(Failure) -> NASBench201.Cell {
    var operations: [NetworkOperation] = []
    for (index, edge) in NASBench201.edges.enumerated() {
      if edge.0 == 0 {
        if index > 0 { try expect("+") }
        try expect("|")
      }
      operations.append(try operation())
      try expect("~")
      try expect(Character("\(edge.0)"))
      try expect("|")
    }
    guard position == characters.count else { throw failure("the end was expected, but \(found)") }
    do {
      return try NASBench201.Cell(operations: operations)
    } catch {
      throw failure("\(error)")
    }
  }

  private mutating func operation() throws(Failure) -> NetworkOperation {
    let start = position
    while position < characters.count, !"~|+".contains(characters[position]) { position += 1 }
    let operation = NetworkOperation(rawValue: String(characters[start..<position]))
    guard NASBench201.operations.contains(operation) else {
      let error = NASBench201.unknown(operation.rawValue)
      position = start
      throw Failure(column: start + 1, cause: error.cause, remedy: error.remedy)
    }
    return operation
  }

  private mutating func expect(_ character: Character) throws(Failure) {
    guard position < characters.count, characters[position] == character else {
      throw failure("\"\(character)\" was expected, but \(found)")
    }
    position += 1
  }

  private var found: String {
    position < characters.count ? "found \"\(characters[position])\"" : "the string ends"
  }

  private func failure(_ cause: String) -> Failure {
    Failure(column: position + 1, cause: cause, remedy: Self.grammar)
  }
}
