import Testing

@testable import Numerics

@Suite struct KernelChoiceTests {
  @Test func theEnvironmentForcesAPath() throws {
    #expect(try KernelChoice.chosen(in: ["LABBOOK_KERNELS": "plain"], of: [.avx2, .plain]) == .plain)
    #expect(try KernelChoice.chosen(in: ["LABBOOK_KERNELS": ""], of: [.avx2, .plain]) == .avx2)
    #expect(try KernelChoice.chosen(in: [:], of: [.avx512, .avx2, .plain]) == .avx512)
  }

  @Test(arguments: [
    ("sse", "LABBOOK_KERNELS names the unknown kernels sse"),
    ("avx512", "LABBOOK_KERNELS names the kernels avx512, which this processor can't run"),
  ])
  func whatCannotBeUsedIsRefused(_ name: String, _ cause: String) {
    let refusal = #expect(throws: KernelChoice.Refusal.self) {
      try KernelChoice.chosen(in: ["LABBOOK_KERNELS": name], of: [.avx2, .plain])
    }
    #expect(refusal?.cause == cause)
    #expect(refusal?.remedy == "Use avx2, plain, or leave the variable out: all give the same bits.")
  }

  @Test func anyProcessorHasThePlainOnes() {
    #expect(KernelChoice.available.contains(.plain))
    #expect(VectorKernels.all.count == KernelChoice.available.count)
  }
}
