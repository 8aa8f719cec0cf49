internal import CBOR
import Core
import Foundation
import Glibc
internal import Wire

// Functions that the runner's generated code calls. They are not for use in cells.

public func _labbookBegin() {
  CellRuntime.shared.begin()
}

/// Begins, and returns the number of the executable's cell that is to run.
public func _labbookEntry() -> Int {
  CellRuntime.shared.begin()
  return CellRuntime.shared.job?.entry ?? 0
}

/// Begins a cell of a tangled notebook, in which one process runs all cells.
public func _labbookEnter(seed: UInt64) {
  TrainingContext.process.seed = seed
}

public func _labbookReached(_ line: Int) {
  CellRuntime.shared.send(.reached(line: line))
}

/// Loads the value that an earlier cell handed on.
public func _labbookInput<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value {
  let runtime = CellRuntime.shared
  guard let input = runtime.job?.inputs[name] else {
    runtime.stop(.threw(message: "the runner provided no input named \"\(name)\""))
  }
  do {
    return try ValueFile.read(Value.self, at: input.path, sha256: input.sha256)
  } catch is ValueFile.Damage {
    runtime.stop(.corruptInput(name: name, path: input.path))
  } catch {
    runtime.stop(.threw(message: "the stored value of \"\(name)\" does not decode as \(type): \(error)"))
  }
}

/// The notebook's parameters, in the structure that the runner declared for them.
public func _labbookParameters<Value: Decodable>(_ type: Value.Type = Value.self) -> Value {
  let runtime = CellRuntime.shared
  do {
    return try CellJob.decoder.decode(Value.self, from: runtime.job?.parameters ?? Data("{}".utf8))
  } catch {
    runtime.stop(.threw(message: "the parameters do not decode: \(error)"))
  }
}

/// Stores a value for later cells.
public func _labbookHandOn<Value: Codable>(_ value: Value, _ name: String) {
  let runtime = CellRuntime.shared
  guard let job = runtime.job else { return }
  let type = _typeName(Value.self, qualified: true)
  if let data = value as? Data, data.startIndex != 0 {
    runtime.send(
      .notHandedOn(
        name: name, type: type,
        reason: "it is a part of other data, and its first index would be 0: hand on `Data(\(name))`"))
    return
  }
  do {
    var encoder = CBOREncoder()
    encoder.temporaryFolder = job.blobs
    let times = WallClock.Switch(omitsTimes: false)
    encoder.userInfo[WallClock.key] = times
    let (digest, bytes) = try ValueFile.write(value, by: encoder, into: URL(fileURLWithPath: job.blobs))
    var timeless: String?
    if times.hasMetTimes {
      encoder.userInfo[WallClock.key] = WallClock.Switch(omitsTimes: true)
      timeless = try ValueFile.digest(value, by: encoder)
    }
    runtime.send(
      .handedOn(StoredValue(name: name, type: type, sha256: digest, bytes: bytes, timeless: timeless)))
  } catch let failure as POSIXFailure {
    // This is a fault of the machine and not a property of the value.
    runtime.stop(.threw(message: "the value of `\(name)` can't be stored: \(failure)"))
  } catch {
    runtime.send(.notHandedOn(name: name, type: type, reason: "\(error)"))
  }
}

/// Reports a value that is not `Codable`, which stays in its cell.
@_disfavoredOverload
public func _labbookHandOn<Value: ~Copyable>(_ value: borrowing Value, _ name: String) {
  CellRuntime.shared.send(.notHandedOn(name: name, type: "", reason: nil))
}

/// Type-checks only if a value that another cell uses is `Codable`.
public func _labbookRequireCodable<Value: Codable>(_ value: () -> Value) {}

public func _labbookExpression<Value>(_ value: Value, _ index: Int) {
  CellRuntime.shared.send(.expression(index: index, text: inlineText(value)))
}

/// Tells the runner that the last statement was executed, so that the process didn't end by an earlier `exit`.
public func _labbookEnd() {
  let runtime = CellRuntime.shared
  fflush(nil)
  runtime.requireOutput()
  runtime.send(.finished)
}
