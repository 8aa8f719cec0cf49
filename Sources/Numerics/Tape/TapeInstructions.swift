internal import CKernels

/// The processor instructions that a tape's loops use. All give the same bits.
struct TapeInstructions {
  let number: Int

  /// - Parameter number: AVX-512 (0), AVX2 (1) or any processor (2); nil for those of the process.
  init(_ number: Int?) {
    self.number = number ?? (KernelChoice.allCases.firstIndex(of: VectorKernels.present.choice) ?? 2)
  }

  /// The numbers of the instruction sets that this processor has.
  static var all: [Int] { (0..<3).filter { tape_kernels_for_instructions(Int32($0), 0) != nil } }

  func table(isDouble: Bool) -> tape_kernels {
    let isDouble: Int32 = isDouble ? 1 : 0
    return
      (tape_kernels_for_instructions(Int32(number), isDouble) ?? tape_kernels_for_any_processor(isDouble)).pointee
  }
}
