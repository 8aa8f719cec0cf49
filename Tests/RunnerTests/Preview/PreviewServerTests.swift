import Foundation
import Testing

@testable import Engine
@testable import Runner

/// The server as programs and pages of other origins can reach it.
@Suite struct PreviewServerTests {
  private struct Sample: PreviewServer.Content {
    let board = PreviewBoard()
    func page(nonce: String) -> String { "page \(nonce)" }
    func picture(_ name: String) -> Data? { name == "损失.png" ? Data([1, 2, 3]) : nil }
  }

  /// Calls `work` with a probe of a running server and the server's root folder.
  private func serving(
    _ content: any PreviewServer.Content = Sample(),
    _ work: @escaping @Sendable (HTTPProbe, String) async throws -> Void
  ) async throws {
    let server = try PreviewServer(content, port: 0)
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { continuation.yield($0) } }
      group.addTask {
        for await address in addresses {
          let url = try #require(URL(string: address))
          try await work(HTTPProbe(port: UInt16(try #require(url.port))), url.path + "/")
          return
        }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  @Test func thePageComesWithItsOwnPolicy() async throws {
    try await serving { probe, root in
      let first = try await probe.send(root)
      let second = try await probe.send(root, host: "localhost:\(probe.port)")
      #expect(first.status == 200 && second.status == 200)
      let nonce = first.text.dropFirst("page ".count)
      #expect(first.headers["content-security-policy"]?.contains("script-src 'nonce-\(nonce)'") == true)
      #expect(first.headers["cache-control"] == "no-store")
      #expect(first.headers["x-content-type-options"] == "nosniff")
      #expect(first.headers["access-control-allow-origin"] == nil)
      #expect(first.text != second.text)
    }
  }

  @Test func onlyTheSecretPathLeadsAnywhere() async throws {
    try await serving { probe, root in
      for path in ["/", "/index.html", "/events", String(root.dropLast()), "/x" + root, root + "../", "/AAAA/"] {
        let status = try await probe.send(path).status
        #expect(status == 404, "\(path)")
      }
      #expect(root.count == 34)
    }
  }

  @Test func picturesComeByName() async throws {
    try await serving { probe, root in
      let picture = try await probe.send(root + "%E6%8D%9F%E5%A4%B1.png")
      #expect(picture.headers["content-type"] == "image/png")
      #expect(picture.body == Data([1, 2, 3]))
      #expect(try await probe.send(root + "other.png").status == 404)
      #expect(try await probe.send(root + "../../etc/passwd").status == 404)
    }
  }

  @Test(arguments: ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "evil.example:80", "", "[::1]:1"])
  func otherHostNamesAreRefused(host: String) async throws {
    try await serving { probe, root in
      let answers = [
        try await probe.send(root, host: host), try await probe.send(root + "events", host: host),
        try await probe.send(root, host: "evil.example:\(probe.port)"),
      ]
      #expect(answers.map(\.status) == [403, 403, 403])
    }
  }

  @Test(arguments: [
    ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1"],
    ["Origin": "https://127.0.0.1:PORT"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
    ["Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "cross-site"],
  ])
  func otherOriginsAreRefused(headers: [String: String]) async throws {
    try await serving { probe, root in
      let headers = headers.mapValues { $0.replacing("PORT", with: String(probe.port)) }
      let answers = [
        try await probe.send(root, headers: headers), try await probe.send(root + "events", headers: headers),
      ]
      #expect(answers.map(\.status) == [403, 403])
    }
  }

  @Test(arguments: [
    ["Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "same-origin"], ["Origin": "http://localhost:PORT"],
    ["Sec-Fetch-Site": "none"], [:],
  ])
  func itsOwnPagesAreAnswered(headers: [String: String]) async throws {
    try await serving { probe, root in
      let headers = headers.mapValues { $0.replacing("PORT", with: String(probe.port)) }
      let answer = try await probe.send(root, headers: headers)
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
  func onlyReadingIsAllowed(method: String) async throws {
    try await serving { probe, root in
      let answer = try await probe.send(root, method: method)
      #expect(answer.status == 405)
      #expect(answer.headers["allow"] == "GET")
    }
  }

  @Test func eventsTellTheStateAndThenEveryChange() async throws {
    let sample = Sample()
    sample.board.set("page", event: "page", data: "1")
    sample.board.set("page", event: "page", data: "2")
    try await serving(sample) { probe, root in
      var hasChanged = false
      let answer = try await probe.send(root + "events") { text in
        if text.contains("data: 2\n\n"), !hasChanged {
          hasChanged = true
          sample.board.set("live a", event: "live", data: "{\"html\":\"损失\"}")
        }
        return text.contains("event: live\ndata: {\"html\":\"损失\"}\n\n")
      }
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "text/event-stream")
      #expect(answer.text.contains("event: page\ndata: 2\n\n"))
      #expect(!answer.text.contains("data: 1\n"))
      #expect(hasChanged)
    }
  }

  @Test func aTakenPortIsAnErrorWithAWayOut() async throws {
    try await serving { probe, _ in
      let error = await #expect(throws: NotebookError.self) {
        try await PreviewServer(Sample(), port: probe.port).run { _ in }
      }
      #expect(
        error?.diagnostics.map { $0.text() } == [
          """
          error: the server can't use the port: Address already in use
            Give another --port, or leave it out to get a free one.
          """
        ])
    }
  }
}
