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

  @Test func wordsStayWordsForTheShell() {
    #expect(SSHQueue.quoted("it's $HOME") == "'it'\\''s $HOME'")
  }
}
