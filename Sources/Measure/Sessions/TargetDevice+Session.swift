import Core

extension TargetDevice {
  /// A session for one of the device's runtimes.
  /// - Throws: `InputError` when the device can't be used, `AgentSession.Loss` when it can't be reached at the
  ///   moment.
  func session(for setup: RuntimeSetup) throws -> any DeviceSession {
    setup.runtime.isBuiltIn ? BuiltInSession(self) : try AgentSession(self)
  }

  /// A session with the device's first runtime, for requests that depend on no runtime.
  func session() throws -> any DeviceSession {
    if let setup = setups.first(where: { !$0.runtime.isBuiltIn }) { return try session(for: setup) }
    return BuiltInSession(self)
  }
}
