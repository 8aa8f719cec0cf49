import Core

/// A conversation with a device: with its agent, or with a runtime that is part of Labbook.
protocol DeviceSession: AnyObject {
  /// The device's description.
  func describe() throws -> DeviceDescription
  /// Copies the models to the device that it doesn't have.
  func bring(_ models: [ModelFile], progress: (_ done: Int, _ of: Int) -> Void) throws
  /// Locks the device and starts a runtime.
  /// - Returns: The numbers of the processors on which it runs; nil if the device doesn't tell them.
  @discardableResult
  func start(_ setup: RuntimeSetup, patience: Double, meanwhile: (AgentMessage) -> Void) throws -> [Int]?
  func send(_ request: AgentRequest) throws
  /// The next message of the device.
  /// - Parameter seconds: The time without a message after which the device counts as lost.
  func next(within seconds: Double) throws -> AgentMessage
  /// Removes the models that the device keeps.
  func clean() throws -> (files: Int, bytes: Int)
  func end()
}
