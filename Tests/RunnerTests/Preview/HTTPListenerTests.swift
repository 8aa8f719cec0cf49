import Basics
import FlyingFox
import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@testable import Engine
@testable import Markup
@testable import Proof
@testable import Report
@testable import Runner

/// Requests that exceed a limit, and connections that send no request.
@Suite struct HTTPListenerTests {
  private struct Echo: HTTPHandler {
    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
      HTTPResponse(statusCode: .ok, body: Data(request.target.path().utf8))
    }
  }

  private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  private static func connected(_ port: UInt16) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
    }
    return descriptor
  }

  private static func answer(_ request: String, _ port: UInt16) -> String {
    let descriptor = connected(port)
    defer { close(descriptor) }
    let bytes = Array(request.utf8)
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    var buffer = [UInt8](repeating: 0, count: 4096)
    var received: [UInt8] = []
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { received += buffer[..<count] }
    return String(decoding: received, as: UTF8.self)
  }

  private func serving(_ work: @escaping @Sendable (UInt16) -> Void) async throws {
    let listener = try HTTPListener(port: 0)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await listener.run(Echo()) }
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          work(listener.port)
          continuation.resume()
        }
      }
      group.cancelAll()
    }
  }

  @Test func requestsHaveBudgets() async throws {
    try await serving { port in
      let rows: [(String, String)] = [
        ("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "200"), ("GET /\(Self.many("a", 20_000))", "431"),
        ("GET /\(Self.many("a", 9_000)) HTTP/1.1\r\n\r\n", "431"),
        ("GET /a HTTP/1.1\r\n\(Self.many("X: y\r\n", 200))\r\n", "431"),
        ("GET /a HTTP/1.1\r\nX: \(Self.many("y", 40_000))\r\n\r\n", "431"),
        ("nonsense\r\n\r\n", "400"), ("GET  /a HTTP/1.1\r\n\r\n", "400"), ("GET /a HTTP/1.1\r\n folded\r\n\r\n", "400"),
        ("GET http://x/a HTTP/1.1\r\n\r\n", "400"), ("GET /a HTTP/1.1\r\nA\u{0}: b\r\n\r\n", "400"),
      ]
      for (request, status) in rows {
        let answer = Self.answer(request, port)
        #expect(
          answer.isEmpty || answer.hasPrefix("HTTP/1.1 \(status) ")
            // A line without an end is refused for its length or, if it arrives slowly, for its time.
            || (!request.contains("\n") && answer.hasPrefix("HTTP/1.1 408 ")),
          "\(request.prefix(40)): \(answer.prefix(40))")
      }
      #expect(Self.answer("GET /x%20y?z HTTP/1.1\r\nHost: x\r\n\r\n", port).hasSuffix("/x%20y"))
    }
  }

  @Test func moreConnectionsThanMayBeEndNothing() async throws {
    try await serving { port in
      let idle = (0..<(2 * Budgets.connections)).map { _ in Self.connected(port) }
      // Connections beyond the limit are closed at once.
      usleep(300_000)
      for descriptor in idle { close(descriptor) }
      // On a loaded machine it takes a while until the listener has seen that they are closed.
      var answer = ""
      for _ in 0..<600 where answer.isEmpty {
        usleep(100_000)
        answer = Self.answer("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", port)
      }
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }
  }
}
