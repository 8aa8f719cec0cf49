import Foundation
import Glibc

/// Sends requests as any program may send them, with freely chosen headers.
struct HTTPProbe {
  struct Answer {
    var status: Int
    var headers: [String: String]
    var body: Data
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let port: UInt16

  /// Sends a request and reads the answer to its end, or until `isEnough` returns true for the part received.
  func send(
    _ path: String, method: String = "GET", host: String? = nil, headers: [String: String] = [:],
    until isEnough: (String) -> Bool = { _ in false }
  ) async throws -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"]
    lines += headers.map { "\($0.key): \($0.value)" }
    let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    _ = request.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    var received = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // A blocked thread would be missing for the server.
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0, errno == EAGAIN {
        try await Task.sleep(for: .milliseconds(5))
        continue
      }
      if count <= 0 { break }
      received.append(contentsOf: buffer[..<count])
      if isEnough(String(decoding: received, as: UTF8.self)) { break }
    }
    return Self.answer(received)
  }

  private static func answer(_ data: Data) -> Answer {
    guard let end = data.range(of: Data("\r\n\r\n".utf8)) else { return Answer(status: 0, headers: [:], body: data) }
    let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, headers: headers, body: data[end.upperBound...])
  }
}
