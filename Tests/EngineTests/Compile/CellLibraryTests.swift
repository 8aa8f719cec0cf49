import Foundation
import TestSupport
import Testing

@testable import Engine

/// The library that is built with the tests, and the installed compiler.
@Suite struct CellLibraryTests {
  private func compiler() async throws -> (folder: TemporaryFolder, compiler: NotebookCompiler) {
    let folder = try TemporaryFolder("library")
    return (folder, try await NotebookCompiler(store: Store(beside: folder.url)))
  }

  @Test func itsModulesAreToldApart() async throws {
    let (folder, compiler) = try await compiler()
    defer { withExtendedLifetime(folder) {} }
    let modules = try #require(compiler.library.identity.modules, "the library is older than its object files")
    #expect(
      Set(modules.digests.keys).isSuperset(of: [
        "Basics", "CBOR", "CKernels", "Cell", "Core", "Numerics", "Plot", "Wire",
      ]))
    #expect(modules.users["Chart"] == ["Plot"])
    #expect(modules.users["GCNRecipe"] == ["Core"])
    #expect(modules.users["SeededGenerator"] == ["Numerics"])
    #expect(modules.users["show"]?.contains("Plot") == true)
    #expect(modules.users["lossCurves"]?.contains("Plot") == true)
    // The events of a training depend on nothing in Plot.
    let training =
      "let run = try train ( GCN . Configuration ( layers : 2 ) , on : data , split : data . split ( . shuffled ( ) ) )"
    #expect(!modules.used(in: [training, "Fit<GCNRecipe>"]).map(\.name).contains("Plot"))
  }

  /// Otherwise every cell would be built by the slower driver, and nothing would show it.
  @Test func theCompilerIsStartedWithoutItsDriver() async throws {
    let (folder, compiler) = try await compiler()
    defer { withExtendedLifetime(folder) {} }
    let steps = try await compiler.steps([NotebookCompiler.sharedSource])
    #expect(steps.commands.count > 1)
    #expect(steps.commands[0][0].hasSuffix("/swift-frontend"))
    #expect(steps.linker != nil)
  }
}
