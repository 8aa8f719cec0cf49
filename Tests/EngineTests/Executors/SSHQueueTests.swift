import Testing

@testable import Engine

@Suite struct SSHQueueTests {
  @Test func jobsAreFoundAmongProcesses() {
    let tokens = SSHQueue.tokens(
      """
      sh /s/jobs/a/task.sh /s/jobs/a/submissions/0.tasks 0-0123456789abcdef
      sh /s/jobs/b/task.sh /s/jobs/b/submissions/12.tasks 12-00000000000000ff
      bash -c cd / && { setsid sh '/s/task.sh' & } && echo started
      vi task.sh notes
      """)
    #expect(tokens == ["0-0123456789abcdef", "12-00000000000000ff"])
  }

  /// The list may be much older than the time that a job takes to start.
  @Test func aStartedJobTakesASlotUntilAListShowsWhetherItRuns() {
    let now = ContinuousClock.now
    let placed = [
      "0-a": SSHQueue.Placed(host: "h", submitted: now), "1-b": SSHQueue.Placed(host: "other", submitted: now),
    ]
    func jobs(_ tokens: Set<String>, asked seconds: Int) -> Set<String> {
      SSHQueue.jobs(on: "h", SSHQueue.Listing(tokens: tokens, asked: now + .seconds(seconds)), placed)
    }
    #expect(jobs(["2-c"], asked: -600) == ["0-a", "2-c"])
    #expect(jobs([], asked: 1) == ["0-a"])
    #expect(jobs([], asked: 600) == [])
    #expect(jobs(["0-a"], asked: 600) == ["0-a"])
  }

  @Test func wordsStayWordsForTheShell() {
    #expect(SSHQueue.quoted("it's $HOME") == "'it'\\''s $HOME'")
  }
}
