import Core
import Foundation
import TestSupport
import Testing

@testable import Measure

/// The agent's side of a profile. Profiles of real models are in `BuiltInTests` and `RuntimeTests`.
@Suite(.waiting) struct ProfilingTests {
  /// Runs without (w) and with (p) the profiler alternate after the warm-up, each block after three runs that don't
  /// count.
  @Test func runsWithAndWithoutTheProfilerAlternate() throws {
    let device = try TestDevice()
    let models = try device.models(["m": "trace"])
    let steps = try Profiling(on: device.device(), runs: 7).operators(of: models[0])
    #expect(
      steps == [
        ModelProfile.Step(name: "first", type: "Conv", milliseconds: 0.01, start: 0),
        ModelProfile.Step(name: "second", type: "Conv", milliseconds: 0.02, start: 0.1),
      ])
    let trace = try String(contentsOfFile: device.path("trace"), encoding: .utf8)
    #expect(trace.wholeMatch(of: /w{10,55}p{4}w{4}p{4}w{5}p{5}w{4}p{4}w{5}p{5}/) != nil, "\(trace)")
  }

  /// A device that Labbook can't connect with at all isn't waited for.
  @Test func aDeviceThatDoesNotAnswerIsTold() throws {
    let device = try TestDevice()
    let models = try device.models(["m": "run"])
    try device.wrapPython("echo no licence >&2; exit 1")
    let error = #expect(throws: InputError.self) { try Profiling(on: device.device()).operators(of: models[0]) }
    #expect(
      error?.cause == "\"pc\": \(device.path("python")) on this machine ended before it answered: no licence")
  }
}
