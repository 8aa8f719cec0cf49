import Core

/// A conversation with a device: with the agent there, or with what is built into Labbook.
protocol DeviceSession: AnyObject {
  /// What the device says of itself.
  func describe() throws -> DeviceDescription
  /// Brings those models there that it doesn't have.
  func bring(_ models: [ModelFile], progress: (_ done: Int, _ of: Int) -> Void) throws
  /// Takes the device and makes a runtime ready.
  func start(_ setup: RuntimeSetup, patience: Double, meanwhile: (AgentMessage) -> Void) throws
  func send(_ request: AgentRequest) throws
  /// The next message, whatever it is.
  /// - Parameter seconds: After so long without any, the device counts as lost.
  func next(within seconds: Double) throws -> AgentMessage
  /// Removes the models that it keeps.
  func clean() throws -> (files: Int, bytes: Int)
  func end()
}
