import Core
import Foundation
import TestSupport
import Testing

@testable import Engine

/// The check refuses code that behaves differently in separate processes, and suggests a remedy.
@Suite struct NotebookPiecesTests {
  private func check(_ cells: [String]) async throws -> CheckedNotebook {
    let source = cells.enumerated().map { "```swift {#c\($0)}\n\($1)\n```\n" }.joined(separator: "\n")
    let notebook = try TemporaryNotebook(source)
    return try await NotebookRun(
      Notebook(source: source, file: notebook.file.path), store: Store(beside: notebook.folder)
    ).checked
  }

  private func errors(_ cells: [String]) async throws -> String {
    do {
      _ = try await check(cells)
      return "no errors"
    } catch let error as NotebookError {
      return error.diagnostics.map { diagnostic in
        (["\(diagnostic.place?.line ?? 0): \(diagnostic.message)", diagnostic.remedy].compactMap { $0 }
          + diagnostic.notes.map { "\($0.place?.line ?? 0): \($0.message)" }).joined(separator: "\n")
      }.joined(separator: "\n")
    }
  }

  private static let change = """
    6: `a` belongs to the cell "c0" and can't be changed here
    Values pass from cell to cell unchanged. Copy it: `var a2 = a`.
    """

  @Test(arguments: [
    // All ways to change a variable of another cell.
    ("var a = [1]", "a.append(2)"), ("var a = [1]", "a[0] = 2"), ("var a = [1]", "a += [2]"),
    ("var a = [1]", "a.sort()"), ("var a = [1]", "a.withUnsafeMutableBufferPointer { $0[0] = 2 }"),
    ("var a = 1", "withUnsafeMutableBytes(of: &a) { $0[0] = 2 }"), ("var a = 1", "if true { a.negate() }"),
    ("var a = 1", "let f = { a += 1 }; f()"), ("var a = [\"k\": 1]", "a[\"k\", default: 0] += 1"),
    ("var a = [\"k\": 1]", "_ = a.removeValue(forKey: \"k\")"), ("var a = Optional(1)", "a? += 1"),
    ("var a = [[1]]", "a[0].append(2)"), ("var a = 1", "func f(_ x: inout Int) { x = 2 }; f(&a)"),
    ("var a = 1", "prefix operator +++; prefix func +++ (x: inout Int) { x += 1 }; +++a"),
    ("struct P: Codable { var x = 1; lazy var y = 2 }; var a = P()", "print(a.y)"),
    ("struct P: Codable { var x = 1; mutating func go() { x = 2 } }; var a = P()", "a.go()"),
    ("struct P: Codable { var x = 1 }; var a = P()", "a[keyPath: \\.x] = 2"),
  ])
  func nobodyChangesAnotherCellsVariable(definition: String, change: String) async throws {
    let found = try await errors([definition, change])
    #expect(found.hasPrefix(Self.change) || found.contains("can't be handed on"), "\(found)")
  }

  @Test(arguments: [
    ("let a = { (x: Int) in x + 1 }", "print(a(1))", "Make it a function, `func a(…)`: all cells can call it."),
    ("let a = (1, \"x\")", "print(a.0)", "Hand on its parts, or make it a Codable struct."),
    ("let a = \"abc\".dropFirst()", "print(a)", "Make a text of it: `let a = String(…)`."),
    ("let a: Character = \"x\"", "print(a)", "Make a text of it: `let a = String(…)`."),
    ("let a = [1, 2].dropFirst()", "print(a)", "Make an array of it: `let a = Array(…)`."),
  ])
  func aWayOutFitsTheType(definition: String, use: String, remedy: String) async throws {
    let found = try await errors([definition, use])
    #expect(found.hasPrefix("2: `a` can't be handed on: the cell \"c1\" uses it"), "\(found)")
    #expect(found.hasSuffix(remedy), "\(found)")
  }

  @Test(arguments: [
    (
      ["var n = 0\nfunc bump() { n += 1 }\nbump()", "print(1)\nbump()"],
      """
      9: `bump`, which the cell "c1" uses, changes `n`, which belongs to the cell "c0"
      Values pass from cell to cell unchanged. Call it in the cell "c0" only, \
      or have it take a value and give back the \
      new one.
      3: `n` is changed here
      """
    ),
    (
      ["final class Counter: Codable { var n = 0 }\nlet counter = Counter()", "counter.n += 1"],
      """
      7: `counter` belongs to the cell "c0" and can't be changed here
      Values pass from cell to cell unchanged. Copy it: `var counter2 = counter`.
      """
    ),
    (
      [
        "final class Counter: Codable { var n = 0 }\nstruct Holder: Codable { var all = [Counter()] }\nlet h = "
          + "Holder()",
        "print(h)",
      ],
      """
      4: `h` can't be handed on: the cell "c1" uses it, and `Counter` is a class: each cell would get a copy of the \
      object, not the object
      Make `Counter` a struct, or make and use the object in one cell.
      """
    ),
    (
      ["final class Node: Codable { let n: Int; init(_ n: Int) { self.n = n } }\nlet a = Node(1)", "print(a === a)"],
      """
      3: `a` can't be handed on: the cell "c1" uses it, and `Node` is a class: each cell gets a copy of the object, \
      which is not the same by `===`
      Compare what the objects hold, or make and use the object in one cell.
      """
    ),
    (
      ["enum Config { nonisolated(unsafe) static var n = 1 }\nConfig.n = 5", "print(Config.n)"],
      """
      2: `Config.n` would start from its initial value in each cell: the cell "c0" and the cell "c1" use it
      Make it `static let` if it never changes, or else use it in one cell only.
      """
    ),
    (
      [
        "func next() -> Int {\n  struct Memo { nonisolated(unsafe) static var n = 0 }\n  Memo.n += 1\n  return "
          + "Memo.n\n}",
        "print(next())", "print(next())",
      ],
      """
      3: `Memo.n` would start from its initial value in each cell: the cell "c1" and the cell "c2" use it
      Make it `static let` if it never changes, or else use it in one cell only.
      """
    ),
    (
      ["let a = [1, 2, 3].dropFirst()", "print(a[1])"],
      """
      2: `a` can't be handed on: the cell "c1" uses it, and `ArraySlice<Int>` is not Codable
      Make an array of it: `let a = Array(…)`.
      """
    ),
    (
      ["let a: Int?? = .some(nil)", "print(a as Any)"],
      """
      2: `a` can't be handed on: the cell "c1" uses it, and `Int??` isn't stored whole: `.some(nil)` would become `nil`
      Use an optional, or an enum with three cases.
      """
    ),
    (
      ["let a: any Codable = 3", "print(a)"],
      """
      2: `a` can't be handed on: the cell "c1" uses it, and `any Decodable & Encodable` is not Codable
      Use one type, or an enum with a case for each.
      """
    ),
    (
      ["protocol P: Codable {}\nstruct S: P {}\nlet a: some P = S()", "print(a)"],
      """
      4: `a` can't be handed on: the cell "c1" uses it, and its type `some P` hides the value's concrete type
      Write the type itself: `let a: Name = …`.
      """
    ),
    (
      ["struct _S: Codable {}\nlet a = _S()", "print(a)"],
      """
      3: `a` can't be handed on: the cell "c1" uses it, and its type `_S` stays in the cell "c0"
      Names that begin with _ are private to their cell: rename `_S`.
      """
    ),
    (
      ["struct S: Codable { var x = 1; var y = 2; enum CodingKeys: CodingKey { case x } }\nlet a = S()", "print(a)"],
      """
      3: `a` can't be handed on: the cell "c1" uses it, and the CodingKeys of `S` leave out `y`
      Add `y` to its CodingKeys.
      """
    ),
    (
      ["struct H: ~Copyable {}\nlet a = H()", "func f(_ h: borrowing H) {}\nf(a)"],
      """
      3: `a` can't be handed on: the cell "c1" uses it, and `H` is not Codable
      Make the type Codable (`struct Name: Codable`), or build the value in the cell that uses it.
      """
    ),
  ])
  func whatWouldBeSomethingElseIsRefused(cells: [String], text: String) async throws {
    #expect(try await errors(cells) == text)
  }

  @Test func whatEndsWithTheProcessIsWarnedOf() async throws {
    let check = try await check([
      "setenv(\"K\", \"1\", 1)", "print(1)", "print(ProcessInfo.processInfo.environment[\"K\"] as Any)\nsrand48(1)",
    ])
    let message = "what `setenv` changes ends with the cell \"c0\": \"c2\" is a process of its own"
    #expect(check.warnings.map(\.message) == [message])
  }

  @Test func whatHoldsOnlyAcrossCellsIsNoWarning() async throws {
    let check = try await check([
      "let x = 5", "guard x > 3 else { fatalError() }\nprint(x)", "let y = 4\nfatalError(\"meant\")\nprint(y)",
      "print(\"I run\")",
    ])
    // The third cell's warning is correct whatever the other cells contain.
    #expect(check.warnings.map { $0.place?.line } == [13])
  }
}
