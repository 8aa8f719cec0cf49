import Foundation

/// The processor instructions that kernels use. All give the same bits and differ only in speed.
public enum KernelChoice: String, CaseIterable, Sendable {
  case avx512
  case avx2
  /// Instructions that every processor has.
  case plain

  /// The environment variable that forces a choice by its name.
  public static let variable = "LABBOOK_KERNELS"

  /// The choices that this processor can run, the fastest first.
  public static var available: [KernelChoice] { allCases.filter { VectorKernels($0) != nil } }

  /// The reason why the choice of the environment can't be used.
  public struct Refusal: Error, Equatable {
    public var cause: String
    public var remedy: String
  }

  /// The choice of the environment, or else the fastest one that this processor can run.
  ///
  /// - Throws: `Refusal` when the environment names an unknown choice, or one that this processor can't run.
  public static func chosen(
    in environment: [String: String] = ProcessInfo.processInfo.environment, of available: [KernelChoice] = available
  ) throws(Refusal) -> KernelChoice {
    guard let name = environment[variable], !name.isEmpty else { return available.first ?? .plain }
    let names = available.map(\.rawValue).joined(separator: ", ")
    let remedy = "Use \(names), or leave the variable out: all give the same bits."
    guard let choice = KernelChoice(rawValue: name) else {
      throw Refusal(cause: "\(variable) names the unknown kernels \(name)", remedy: remedy)
    }
    guard available.contains(choice) else {
      throw Refusal(cause: "\(variable) names the kernels \(name), which this processor can't run", remedy: remedy)
    }
    return choice
  }

  /// The choice of this process. If the environment's choice is invalid, the process prints an error and ends with
  /// status 2, because a matrix product can't throw errors. The `labbook` command checks the environment before it
  /// starts a process.
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
