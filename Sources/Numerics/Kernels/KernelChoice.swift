import Foundation

/// The instructions that kernels are made of. All give the same bits; they differ in speed.
public enum KernelChoice: String, CaseIterable, Sendable {
  case avx512
  case avx2
  /// What any processor has.
  case plain

  /// The variable of the environment that names one, to force it.
  public static let variable = "LABBOOK_KERNELS"

  /// Those that this processor can run, the fastest first.
  public static var available: [KernelChoice] { allCases.filter { VectorKernels($0) != nil } }

  /// Why an environment's choice can't be used, in words.
  public struct Refusal: Error, Equatable {
    public var cause: String
    public var remedy: String
  }

  /// What the environment names, or the fastest that this processor can run.
  ///
  /// - Throws: `Refusal` when the environment names none, or one that this processor lacks.
  public static func chosen(
    in environment: [String: String] = ProcessInfo.processInfo.environment, of available: [KernelChoice] = available
  ) throws(Refusal) -> KernelChoice {
    guard let name = environment[variable], !name.isEmpty else { return available.first ?? .plain }
    let names = available.map(\.rawValue).joined(separator: ", ")
    let remedy = "Use \(names), or leave the variable out: all give the same bits."
    guard let choice = KernelChoice(rawValue: name) else {
      throw Refusal(cause: "\(variable) names the kernels \(name), which there are not", remedy: remedy)
    }
    guard available.contains(choice) else {
      throw Refusal(cause: "\(variable) names the kernels \(name), which this processor can't run", remedy: remedy)
    }
    return choice
  }

  /// What this process uses. A process whose environment makes no sense says so and ends with status 2: there is nobody
  /// to throw an error to where a matrix is multiplied. The `labbook` command looks before it starts a process.
  public static let present: KernelChoice = chosenOrEnd()

  private static func chosenOrEnd() -> KernelChoice {
    do throws(Refusal) {
      return try chosen()
    } catch {
      FileHandle.standardError.write(Data("labbook: \(error.cause)\n  \(error.remedy)\n".utf8))
      exit(2)
    }
  }
}
