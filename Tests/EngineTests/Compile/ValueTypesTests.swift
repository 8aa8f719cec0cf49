import Foundation
import TestSupport
import Testing

@testable import Engine

/// Which types values of a notebook have, where other things have their names.
@Suite struct ValueTypesTests {
  /// The compiler's symbol graph lists values of closures and blocks at top level beside those of the module.
  @Test func aLocalOfTheSameNameDecidesNothing() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#one}
      let all = ["a": 1]
      private let L_hidden = 2
      let L_value = L_hidden + 1
      ```

      ```swift {#two}
      print(all["a"] ?? 0, L_value)
      ```

      ```swift {#three}
      let total = [1, 2].map { number -> Int in
        let all = [number, 2]
        return all.count
      }
      if total.count > 1 {
        let L_value = "text", all = 2.5
        print(L_value, all)
      }
      ```
      """)
    let outcome = try await notebook.run()
    for cell in ["one", "two", "three"] {
      #expect(outcome.cells[cell]?.state == .ran, "\(cell): \(String(describing: outcome.failure(cell)))")
    }
  }

  /// The compiler's symbol graph gives each value of a tuple pattern the type that is written for the whole tuple.
  @Test func eachValueOfATuplePatternHasItsOwnType() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#one}
      typealias Pair = (Int, (String, [Double]))
      func make() -> Pair { (1, ("x", [2])) }
      let (a, (b, c)): Pair = make()
      var (d, _): (Int?, Bool) = (nil, true)
      let (e): Int = 5
      ```

      ```swift {#two}
      let f = a + e + (d ?? 7)
      ```

      `{swift} f`, `{swift} b + "y"`, `{swift} c[0] / 4`
      """)
    let outcome = try await notebook.run()
    #expect(outcome.cells["two"]?.state == .ran, "\(String(describing: outcome.failure("two")))")
    #expect(outcome.texts == ["13", "xy", "0.5"])
  }

  /// The type of each value that is handed on is the compiler's, however the value was bound.
  @Test func everyBindingHandsOnItsOwnType() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#one}
      typealias Pair = (Int, String)
      let (a, b): Pair = (1, "x")
      let (c, (d, _)) = (2, ([3], 4.5))
      guard let e = Int("5") else { fatalError() }
      var f: Int! = 6
      let g: any Codable & Hashable = 7
      let h: Int?? = .some(nil)
      struct Handle: ~Copyable { var n = 8 }
      let kept = Handle()
      func look() -> Int { kept.n + ((g as? Int) ?? 0) }
      let base = 9
      struct Shifted: Codable { var x = 1; var sum: Int { x + base } }
      let j = Shifted()
      ```

      ```swift {#two}
      print(a + 1, b + "y", c + 1, d.first ?? 0, e, f + 1, h == nil, j.sum)
      ```
      """)
    let compiler = try await NotebookCompiler(store: Store(beside: notebook.folder))
    let checked = try await compiler.checked(Notebook(reading: notebook.file.path))
    #expect(
      checked.types == [
        "a": "Int", "b": "String", "c": "Int", "d": "[Int]", "e": "Int", "f": "Int!", "g": "any Codable & Hashable",
        "h": "Int??", "j": "Shifted", "base": "Int", "kept": "Handle",
      ])
    let outcome = try await notebook.run()
    #expect(outcome.cells["two"]?.state == .ran, "\(String(describing: outcome.failure("two")))")
  }
}
