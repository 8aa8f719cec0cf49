import Testing

@testable import Engine

@Suite struct CellEnvironmentTests {
  static let avx512: Set<String> = ["avx2", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]

  @Test(
    arguments: [
      (["avx2"], "Haswell", nil),
      (avx512, "Haswell", "SKYLAKEX"),
      (avx512, "Zen", "SKYLAKEX"),
      (avx512.union(["avx512_bf16"]), "Haswell", "COOPERLAKE"),
      (avx512.union(["avx512_bf16"]), "SkylakeX", nil),
      (avx512.union(["avx512_bf16"]), "Cooperlake", nil),
    ] as [(Set<String>, String, String?)])
  func kernels(flags: Set<String>, chosen: String, asked: String?) {
    #expect(CellEnvironment.kernels(flags: flags, chosen: chosen) == asked)
  }
}
