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
}
