/// The kernels that multiply matrices in this process.
public enum MatrixKernels {
  /// The name of their instruction set: `AVX-512`, `AVX2`, or `plain`. No result depends on it.
  public static var instructions: String { VectorKernels.present.name }
}
