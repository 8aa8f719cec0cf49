import Basics
import Engine
import FlyingFox
import Foundation
import Glibc
import Synchronization

/// Accepts connections on the loopback address and reads one request from each. Lines, headers, time and the number
/// of connections are limited. Only a request within the limits reaches a handler.
///
/// Each connection has a thread of its own, which uses no processor time while it waits. The limit bounds their
/// number.
final class HTTPListener: Sendable {
  private let descriptor: Int32
  let port: UInt16
  private let open = Mutex<Set<Int32>>([])
  private let isEnded = Atomic<Bool>(false)

  /// - Parameter port: The port; 0 for a free one.
  /// - Throws: `NotebookError` when the port is unavailable.
  init(port: UInt16) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var (yes, address) = (Int32(1), sockaddr_in())
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard descriptor >= 0, isBound else {
      defer { if descriptor >= 0 { close(descriptor) } }
      throw NotebookError(
        "the server can't use the port: \(String(cString: strerror(errno)))",
        remedy: "Give another --port, or leave it out to get a free one.")
    }
    self.descriptor = descriptor
    self.port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    close(descriptor)
  }

  /// Serves until the task is cancelled.
  func run(_ handler: some HTTPHandler) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { [self] in
          accept(for: handler)
          continuation.resume()
        }
      }
    } onCancel: {
      isEnded.store(true, ordering: .relaxed)
      shutdown(descriptor, Int32(SHUT_RDWR))
      open.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
    }
  }

  private func accept(for handler: some HTTPHandler) {
    while !isEnded.load(ordering: .relaxed) {
      let connection = Glibc.accept(descriptor, nil, nil)
      guard connection >= 0 else {
        // Accepting failed for a reason that passes: no free descriptor, or a connection that was closed again.
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED, EINTR, EAGAIN].contains(errno) {
          usleep(50_000)
          continue
        }
        return
      }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      let isTaken = open.withLock { open in
        guard open.count < Budgets.connections else { return false }
        open.insert(connection)
        return true
      }
      guard isTaken else {
        close(connection)
        continue
      }
      Thread.detachNewThread { [self] in
        serve(connection, handler)
        open.withLock { _ = $0.remove(connection) }
        close(connection)
      }
    }
  }

  private func serve(_ connection: Int32, _ handler: some HTTPHandler) {
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let request: HTTPRequest
    switch Self.read(connection) {
    case .request(let read): request = read
    case .refused(let status):
      _ = Self.write(Data("HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8), to: connection)
      return
    case .gone: return
    }
    let done = DispatchSemaphore(value: 0)
    Task {
      await Self.answer(request, by: handler, to: connection)
      done.signal()
    }
    done.wait()
  }

  // MARK: Requests

  private enum Reading {
    case request(HTTPRequest)
    case refused(String)
    case gone
  }

  /// Reads a request's head. The body is left unread, because Labbook's pages send none.
  private static func read(_ connection: Int32) -> Reading {
    let end = ContinuousClock.now + .seconds(clamping: Budgets.requestSeconds)
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Reading stops when a line or the whole head is longer than its limit.
    let greatest = Budgets.requestLineBytes * 4
    var searched = 0
    while true {
      let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
      guard left > 0 else { return .refused("408 Request Timeout") }
      var waiting = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Int32(clamping: left.rounded(.up))) >= 0 else { return .gone }
      guard waiting.revents != 0 else { continue }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return .gone }
      head += buffer[..<count]
      if let close = endOfHead(head, from: max(0, searched - 3)) { return parse(head[..<close]) }
      searched = head.count
      guard head.count <= greatest else { return .refused("431 Request Header Fields Too Large") }
    }
  }

  private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + 3 < bytes.count {
      if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 { return index }
      index += 1
    }
    return nil
  }

  private static func parse(_ head: ArraySlice<UInt8>) -> Reading {
    let lines = head.split(separator: 10, omittingEmptySubsequences: false).map { line in
      line.last == 13 ? line.dropLast() : line
    }
    guard lines.count <= Budgets.requestHeaders + 1, lines.allSatisfy({ $0.count <= Budgets.requestLineBytes }) else {
      return .refused("431 Request Header Fields Too Large")
    }
    guard lines.allSatisfy({ $0.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 } }) else {
      return .refused("400 Bad Request")
    }
    let words = String(decoding: lines[0], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[1].hasPrefix("/"), words[2].hasPrefix("HTTP/1.") else {
      return .refused("400 Bad Request")
    }
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      let text = String(decoding: line, as: UTF8.self)
      guard let colon = text.firstIndex(of: ":"), colon != text.startIndex, text.first?.isWhitespace == false else {
        return .refused("400 Bad Request")
      }
      headers.addValue(
        text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces),
        for: HTTPHeader(String(text[..<colon])))
    }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    return .request(
      HTTPRequest(
        method: HTTPMethod(String(words[0])), version: .http11,
        target: .init(path: String(target[0]), query: target.count > 1 ? String(target[1]) : ""), headers: headers,
        body: HTTPBodySequence()))
  }

  // MARK: Answers

  private static func answer(_ request: HTTPRequest, by handler: some HTTPHandler, to connection: Int32) async {
    guard let response = try? await handler.handleRequest(request), case .httpBody(let body) = response.payload else {
      return
    }
    var head = "HTTP/1.1 \(response.statusCode.code) \(response.statusCode.phrase)\r\nConnection: close\r\n"
    for (header, value) in response.headers { head += "\(header.rawValue): \(value)\r\n" }
    // FlyingFox sends a body of unknown length in chunks.
    head += body.count.map { "Content-Length: \($0)\r\n" } ?? "Transfer-Encoding: chunked\r\n"
    guard write(Data((head + "\r\n").utf8), to: connection) else { return }
    do {
      for try await part in body where !write(part, to: connection) { return }
    } catch {
      return
    }
  }

  /// - Returns: Whether all of the data was sent.
  private static func write(_ data: Data, to connection: Int32) -> Bool {
    data.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let count = send(
          connection, bytes.baseAddress?.advanced(by: start), bytes.count - start, Int32(MSG_NOSIGNAL))
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        start += count
      }
      return true
    }
  }
}
