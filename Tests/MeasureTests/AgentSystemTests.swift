import Foundation
import TestSupport
import Testing

@testable import Measure

/// What the agent (`system.py`) and Labbook itself find out about machines that aren't this one.
@Suite(.waiting) struct AgentSystemTests {
  private static let layouts: [(siblings: [String], count: Int, chosen: [Int])] = [
    // One hardware thread per core, as a Raspberry Pi has.
    (["0", "1", "2", "3"], 2, [2, 3]),
    // The threads of a core have adjacent numbers.
    (["0-1", "0-1", "2-3", "2-3"], 1, [3]),
    (["0-1", "0-1", "2-3", "2-3"], 2, [1, 3]),
    (["0-1", "0-1", "2-3", "2-3"], 3, [1, 2, 3]),
    (["0-1", "0-1", "2-3", "2-3"], 9, [0, 1, 2, 3]),
    // The second threads of all cores have the last numbers.
    (["0,2", "1,3", "0,2", "1,3"], 2, [2, 3]),
    // The system doesn't tell.
    (["", "", ""], 2, [1, 2]),
  ]

  @Test(arguments: layouts)
  func processorsAreOfDifferentCores(siblings: [String], count: Int, chosen: [Int]) throws {
    let own = ThisMachine.lastProcessors(count, of: Array(siblings.indices)) { siblings[$0] }
    #expect(own == chosen)
    let printed = try AgentFunctions.output(
      """
      siblings = \(siblings)
      os.sched_getaffinity = lambda process: set(range(len(siblings)))
      read = lambda path, default="": siblings[int(re.search(r"/cpu([0-9]+)/topology/", path).group(1))]
      print(last_processors(\(count)))
      """)
    #expect(printed == "\(chosen)")
  }

  /// The layout of prepared weights depends on the instruction sets, and not on their order or the clock.
  @Test func anotherProcessorHasAnotherDigest() throws {
    let printed = try AgentFunctions.output(
      """
      def digest(text):
          global read
          read = lambda path, default="": text
          return instruction_sets()
      first = digest("processor : 0\\nflags\\t\\t: sse avx2\\ncpu MHz : 800")
      others = ["flags : avx2 sse\\ncpu MHz : 900", "flags : sse avx2 avx512f", "Features : asimd",
                "Features : asimd sve", ""]
      digests = [digest(text) for text in others]
      print(len(first), [value == first for value in digests], len(set(digests)))
      """)
    #expect(printed == "8 [True, False, False, False, False] 5")
  }

  @Test(arguments: ["soc/soc:firmware", "soc@107c000000/soc@107c000000:firmware"])
  func aRaspberryPisFirmwareTellsThatItLimitsTheClock(node: String) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-soc-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appendingPathComponent(node)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(ThisMachine.findThrottleFile(in: root.path) == nil)
    let file = folder.appendingPathComponent("get_throttled")
    try Data("0\n".utf8).write(to: file)
    #expect(ThisMachine.findThrottleFile(in: root.path) == file.path)
    let printed = try AgentFunctions.output(
      """
      THROTTLE_FILES = throttle_files("\(root.path)")
      print(THROTTLE_FILES)
      for text in ("0", "50000", "50005", "8", "", "nothing"):
          with open(THROTTLE_FILES[0], "w") as file:
              file.write(text)
          print(limited())
      os.unlink(THROTTLE_FILES[0])
      print(limited())
      """)
    #expect(
      printed.split(separator: "\n").map(String.init)
        == ["['\(file.path)']", "False", "False", "True", "True", "False", "False", "False"])
  }
}
