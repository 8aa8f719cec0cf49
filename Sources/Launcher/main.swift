import Glibc
import Receipt

// The runner loads a hundred libraries before its first line. When the receipt of an earlier run shows that nothing has
// changed since, this program prints what that run printed and doesn't start the runner.

/// - Returns: Whether the lines could be written.
@discardableResult
func say(_ lines: [String], to descriptor: Int32) -> Bool {
  var text = lines.map { "\($0)\n" }.joined()[...]
  while !text.isEmpty {
    let count = text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return false }
    text = text[text.utf8.index(text.startIndex, offsetBy: count)...]
  }
  return true
}

// The next opened file would get a closed stream's descriptor.
for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
  _ = open(descriptor == STDIN_FILENO ? "/dev/null" : "/dev/full", O_RDWR)
}
// If the reader of a pipe has gone, writing fails. The runner has a handler of its own.
signal(SIGPIPE) { _ in }

let arguments = Array(CommandLine.arguments.dropFirst())

if arguments.first == "run", let path = RunReceipt.path(arguments: arguments), let receipt = RunReceipt(reading: path),
  receipt.isCurrent(arguments: arguments)
{
  let isSaid = say(receipt.errors, to: STDERR_FILENO)
  exit(say(receipt.output, to: STDOUT_FILENO) && isSaid ? 0 : 74)
}

// Idle threads of OpenBLAS spin for a tenth of a second before they sleep, which delays other work. The value is the
// binary logarithm of the number of processor cycles to spin: some 0.4 ms. Cells inherit it.
setenv("OPENBLAS_THREAD_TIMEOUT", "20", 0)

var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
let executable = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
let folder = executable.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
let runner = "\(folder)/labbook-runner"
execv(runner, CommandLine.unsafeArgv)
say(
  ["error: \(runner) can't be started: \(String(cString: strerror(errno)))", "Build it: swift build"], to: STDERR_FILENO
)
exit(2)
