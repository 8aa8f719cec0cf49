import Core
import Testing

@testable import Engine

@Suite struct CellEnvironmentTests {
  /// Variables that results depend on don't come from the user's environment.
  @Test func dictionariesHaveOneOrder() {
    #expect(CellEnvironment(threads: 2).variables["SWIFT_DETERMINISTIC_HASHING"] == "1")
  }

  @Test func kernelsThatThereAreNotAreAClearError() throws {
    try CellEnvironment.requireUsableKernels([:])
    try CellEnvironment.requireUsableKernels(["LABBOOK_KERNELS": "plain"])
    let error = #expect(throws: NotebookError.self) {
      try CellEnvironment.requireUsableKernels(["LABBOOK_KERNELS": "sse9"])
    }
    let text = error?.diagnostics.first?.text(source: nil) ?? ""
    #expect(text.contains("LABBOOK_KERNELS names the unknown kernels sse9"))
    #expect(text.contains("or leave the variable out: all give the same bits."))
  }
}
