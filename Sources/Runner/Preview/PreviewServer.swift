import Engine
import FlyingFox
import Foundation
import Synchronization

/// Serves a preview to browsers on this machine: on 127.0.0.1 only, under a secret path, and never to a page of
/// another origin.
struct PreviewServer: Sendable {
  /// The current content to serve.
  protocol Content: Sendable {
    /// The page, with a script that has this nonce.
    func page(nonce: String) -> String
    /// The PNG of a chart by its file name; nil for an unknown name.
    func picture(_ name: String) -> Data?
    var board: PreviewBoard { get }
  }

  let content: any Content
  /// The secret first component of every path.
  let token: String
  private let listener: HTTPListener
  private let handler: Handler

  /// - Parameter port: The port; 0 for a free one.
  /// - Throws: `NotebookError` when the port is unavailable.
  init(_ content: any Content, port: UInt16) throws {
    let token = Self.secret()
    self.content = content
    self.token = token
    listener = try HTTPListener(port: port)
    handler = Handler(content: content, token: token)
    handler.listen(on: listener.port)
  }

  /// Serves until the task is cancelled.
  /// - Parameters:
  ///   - ready: A function that is called once with the page's address.
  func run(ready: @escaping @Sendable (_ address: String) async -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await listener.run(handler) }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(15))
          content.board.beat()
        }
      }
      await ready("http://127.0.0.1:\(listener.port)/\(token)/")
      defer { group.cancelAll() }
      try await group.next()
    }
    try Task.checkCancellation()
  }

  /// A secret of 192 random bits, in characters that a path can contain unescaped.
  static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<3).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
    return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
  }
}

extension PreviewServer {
  /// Answers requests.
  final class Handler: HTTPHandler {
    let content: any Content
    let token: String
    private let port = Mutex<UInt16?>(nil)

    init(content: any Content, token: String) {
      self.content = content
      self.token = token
    }

    /// Sets the port. Requests are refused before, because their Host header must name the port.
    func listen(on port: UInt16) {
      self.port.withLock { $0 = port }
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
      guard isFromHere(request) else { return Self.refusal(.forbidden) }
      guard request.method == .GET else {
        var response = Self.refusal(.methodNotAllowed)
        response.headers[HTTPHeader("Allow")] = "GET"
        return response
      }
      let root = "/\(token)/"
      let path = request.target.path()
      guard path.hasPrefix(root) else { return Self.refusal(.notFound) }
      switch String(path.dropFirst(root.count)) {
      case "":
        let nonce = PreviewServer.secret()
        return Self.response(
          "text/html; charset=utf-8", Data(content.page(nonce: nonce).utf8),
          policy: PreviewPage.policy(nonce: nonce) + "; frame-ancestors 'none'")
      case "events":
        var response = Self.response("text/event-stream", Data())
        response.payload = .httpBody(
          HTTPBodySequence(from: EventStream(board: content.board), suggestedBufferSize: 1 << 16))
        return response
      case let name:
        guard let picture = content.picture(name.removingPercentEncoding ?? name) else {
          return Self.refusal(.notFound)
        }
        return Self.response("image/png", picture)
      }
    }

    /// Whether a page of this server, or the user directly, made the request. Another host name for this address is
    /// refused: a hostile page could resolve its own name to it (DNS rebinding).
    private func isFromHere(_ request: HTTPRequest) -> Bool {
      guard let port = port.withLock({ $0 }) else { return false }
      let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
      let given = request.headers.values(for: .host)
      guard given.count == 1, hosts.contains(given[0]) else { return false }
      let origins = request.headers.values(for: HTTPHeader("Origin"))
      return origins.allSatisfy(hosts.map { "http://\($0)" }.contains)
        && request.headers.values(for: HTTPHeader("Sec-Fetch-Site")).allSatisfy(["same-origin", "none"].contains)
    }

    private static func refusal(_ status: HTTPStatusCode) -> HTTPResponse {
      var response = response("text/plain; charset=utf-8", Data("\(status.code) \(status.phrase)\n".utf8))
      response.statusCode = status
      return response
    }

    private static func response(
      _ type: String, _ body: Data, policy: String = "default-src 'none'; frame-ancestors 'none'"
    ) -> HTTPResponse {
      HTTPResponse(
        statusCode: .ok,
        headers: HTTPHeaders([
          .contentType: type, HTTPHeader("Cache-Control"): "no-store", HTTPHeader("Content-Security-Policy"): policy,
          HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
          HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
          HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
        ]), body: body)
    }
  }
}
