import TestSupport
import Testing

@testable import Measure

/// The agent's cache and its lock (`serve.py`).
@Suite(.waiting) struct AgentServeTests {
  /// Files of this host's processes that ended (b), and files of other hosts that nobody has written for a day (d, e),
  /// aren't written any more.
  @Test func partialFilesAreRemovedOnceNobodyWritesThem() throws {
    let left = try AgentFunctions.agentOutput(
      """
      HOST = "here"
      agent.cache = tempfile.mkdtemp()
      try:
          for name, days in (("a.here-%d" % os.getpid(), 0), ("b.here-0", 0), ("c.there-0", 0), ("d.there-0", 2)):
              path = os.path.join(agent.cache, name + ".part")
              open(path, "w").close()
              os.utime(path, (time.time() - 86400 * days,) * 2)
          path = os.path.join(agent.cache, "e.there-0.part")
          os.mkdir(path)
          open(os.path.join(path, "m.onnx"), "w").close()
          os.utime(path, (time.time() - 86400 * 2,) * 2)
          agent.sweep()
          print(sorted(name[0] for name in os.listdir(agent.cache)))
      finally:
          shutil.rmtree(agent.cache)
      """)
    #expect(left == "['a', 'c']")
  }

  /// Otherwise a file system without locks would look like a measurement that never ends.
  @Test func onlyALockThatAnotherHasIsWaitedFor() throws {
    let told = try AgentFunctions.agentOutput(
      """
      import fcntl

      def told(code):
          def flock(file, operation):
              raise OSError(code, "text %d" % code)

          fcntl.flock = flock
          try:
              return agent.take(agent.lock_path())
          except OSError as error:
              return error.errno == code and error.filename == agent.lock_path() and error.strerror

      agent.cache = tempfile.mkdtemp()
      try:
          print([told(code) for code in (errno.EWOULDBLOCK, errno.ESTALE)])
          codes = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)
          print([told(code) == "text %d" % code for code in codes])
      finally:
          shutil.rmtree(agent.cache)
      """)
    #expect(told == "[None, None]\n[True, True, True]")
  }

  /// The model "bad" ends the process that converts it. The other process then prepares the rest.
  @Test func modelsArePreparedOnAllProcessorsBeforeAnyIsTimed() throws {
    let told = try AgentFunctions.agentOutput(
      """
      class Paper(Runtime):
          title, package, suffix = "Paper", "paper", ".paper"

          def convert(self, source, target):
              if "bad" in source:
                  os.kill(os.getpid(), signal.SIGKILL)
              with open(target, "w") as file:
                  file.write(str(os.getpid()))

          def load(self, path):
              self.run = lambda: None

      def report(message):
          if message["event"] == "preparing":
              return events.append((message["done"], message["of"]))
          count = len(glob.glob(agent.cache + "/*.paper"))
          events.append((message["event"], message.get("id"), count, (message.get("reason") or "")[:30]))

      RUNTIMES["paper"] = Paper
      os.sched_getaffinity = lambda process: {0, 1}
      agent.cache, events = tempfile.mkdtemp(), []
      agent.say, agent.fill = report, lambda seconds: None
      agent.setup = {"runtime": "paper", "threads": 1, "quiet": 1000, "patience": 0}
      try:
          names = ["a", "bad", "c", "d", "e"]
          for name in names:
              open(agent.path(name + ".onnx"), "w").close()
          visits = [{"model": name + ".onnx", "id": name, "runs": 5, "most": 5} for name in names]
          agent.visit({"limit": 60, "visits": visits})
          print(*events, sep="\\n")
          makers = {read(path) for path in glob.glob(agent.cache + "/*.paper")}
          print(len(makers), str(agent.worker and agent.worker["pid"]) in makers, len(agent.processes))
      finally:
          shutil.rmtree(agent.cache)
          for process in list(agent.processes):
              agent.finish(process)
      """)
    #expect(
      told == """
        (0, 5)
        (5, 5)
        ('visit', 'a', 4, '')
        ('failed', 'bad', 4, 'the process was killed (SIGKIL')
        ('visit', 'c', 4, '')
        ('visit', 'd', 4, '')
        ('visit', 'e', 4, '')
        ('done', None, 4, '')
        2 False 1
        """)
  }

  /// A process needs a quarter of a GiB and eight times a model's size.
  @Test(arguments: [(64, 0), (512, 1), (1300, 4), (100_000, 4)])
  func modelsArePreparedByNoMoreProcessesThanTheMemoryHolds(free: Int, processes: Int) throws {
    let told = try AgentFunctions.agentOutput(
      """
      os.path.getsize = lambda path: 8 << 20
      os.path.exists = lambda path: True
      read = lambda path, default="": "MemTotal: 1 kB\\nMemAvailable:  %d kB" % (\(free) << 10)
      print(preparers(["a", "b"], 4))
      """)
    #expect(told == "\(processes)")
  }
}
