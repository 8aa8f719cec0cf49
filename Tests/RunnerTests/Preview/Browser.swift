import Engine
import Foundation
import Glibc
import TestSupport

/// A page in headless Chromium, controlled over a pair of pipes by the DevTools protocol.
final class Browser {
  /// The browser's path; nil if none is installed.
  static let executable = ["chromium", "chromium-browser", "google-chrome"].lazy
    .flatMap { name in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let process = Process()
  private let folder: URL
  private let requests: Int32
  private let answers: Int32
  private var received = Data()
  private var lastNumber = 0
  private var session: String?

  init(width: Int = 1000, height: Int = 700) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (input, output) = (folder.appendingPathComponent("in").path, folder.appendingPathComponent("out").path)
    mkfifo(input, 0o600)
    mkfifo(output, 0o600)
    // Opening a FIFO for reading and writing doesn't wait for its other end.
    requests = Glibc.open(input, O_RDWR | O_CLOEXEC)
    answers = Glibc.open(output, O_RDWR | O_CLOEXEC | O_NONBLOCK)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      """
      exec "$0" --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$1/profile" \
      --window-size=\(width),\(height) --remote-debugging-pipe about:blank 3<"$1/in" 4>"$1/out" >/dev/null 2>&1
      """, Self.executable ?? "chromium", folder.path,
    ]
    try ProcessTree.start(process)
  }

  deinit {
    process.terminate()
    ProcessTree.finish(process)
    close(requests)
    close(answers)
    try? FileManager.default.removeItem(at: folder)
  }

  func open(_ address: String) async throws {
    let target = try await send("Target.createTarget", ["url": address])["targetId"] as? String ?? ""
    session = try await send("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
  }

  /// The value of a JavaScript expression, decoded from JSON.
  func evaluate(_ expression: String) async throws -> Any? {
    let answer = try await send(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    return (answer["result"] as? [String: Any])?["value"]
  }

  /// Waits until a JavaScript expression is true.
  /// - Returns: Whether it became true.
  func waits(for expression: String) async throws -> Bool {
    for _ in 0..<1_200 {
      if try await evaluate("Boolean(\(expression))") as? Bool == true { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  private func send(_ method: String, _ parameters: [String: Any]) async throws -> [String: Any] {
    lastNumber += 1
    var message: [String: Any] = ["id": lastNumber, "method": method, "params": parameters]
    message["sessionId"] = session
    var data = try JSONSerialization.data(withJSONObject: message)
    data.append(0)
    _ = data.withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
    while true {
      let answer = try await JSONSerialization.jsonObject(with: nextMessage()) as? [String: Any] ?? [:]
      if answer["id"] as? Int == lastNumber { return answer["result"] as? [String: Any] ?? [:] }
    }
  }

  private func nextMessage() async throws -> Data {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = received.firstIndex(of: 0) {
        defer { received = Data(received[(end + 1)...]) }
        return Data(received[..<end])
      }
      let count = read(answers, &buffer, buffer.count)
      if count > 0 {
        received.append(contentsOf: buffer[..<count])
      } else if count < 0, errno == EAGAIN, process.isRunning {
        // A blocked thread would be missing for the server.
        try await Task.sleep(for: .milliseconds(5))
      } else {
        throw POSIXError(.EPIPE)
      }
    }
  }
}
