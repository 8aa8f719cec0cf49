import Testing

@testable import Engine

@Suite struct SlurmQueueTests {
  @Test func whatIsAskedForStandsInTheCommand() {
    var settings = SlurmSettings()
    settings.partition = "gpu"
    settings.account = "nas"
    settings.options = ["--qos=night"]
    let submission = BatchSubmission(
      token: "0-a", name: "labbook-n-train", script: "/s/task.sh", list: "/s/0.tasks", logs: "/s/0.%a", count: 64,
      resources: CellResources(processors: 8, memory: 16_384, accelerators: 2, seconds: 5401), folder: "/s")
    #expect(
      SlurmQueue.arguments(submission, settings) == [
        "sbatch", "--parsable", "--requeue", "--open-mode=append", "--job-name=labbook-n-train",
        "--comment=labbook 0-a", "--output=/s/0.%a", "--chdir=/s", "--array=0-63", "--cpus-per-task=8",
        "--mem=16384M", "--gres=gpu:2", "--time=91", "--partition=gpu", "--account=nas", "--qos=night", "/s/task.sh",
        "/s/0.tasks", "0-a",
      ])
  }

  @Test func onlyLabbooksJobsCount() {
    let entries = SlurmQueue.entries(
      """
      17_0|0|RUNNING|None|n1|labbook 0-a
      17_1|1|PENDING|Resources||labbook 0-a
      18|N/A|RUNNING|None|n2|(null)
      19_0|0|RUNNING|None|n2|somebody's | labbook 1-b
      20_3|3|PREEMPTED|None|n2|labbook 2-c
      broken
      """)
    #expect(
      entries == [
        BatchEntry(token: "0-a", index: 0, state: .running, id: "17", note: "n1"),
        BatchEntry(token: "0-a", index: 1, state: .waiting, id: "17", note: "Resources"),
        BatchEntry(
          token: "2-c", index: 3, state: .ended(BatchVerdict(kind: .lost, reason: "PREEMPTED")), id: "20",
          note: ""),
      ])
  }

  @Test(arguments: [
    ("PENDING", "BeginTime", BatchEntry.State.waiting), ("REQUEUED", "None", .waiting),
    ("PENDING", "JobHeldUser", .waiting),
    (
      "PENDING", "launch failed requeued held",
      .ended(BatchVerdict(kind: .held, reason: "PENDING, launch failed requeued held"))
    ),
    ("PENDING", "JobHoldMaxRequeue", .ended(BatchVerdict(kind: .held, reason: "PENDING, JobHoldMaxRequeue"))),
    ("CONFIGURING", "None", .waiting), ("COMPLETING", "None", .running), ("SUSPENDED", "None", .running),
    ("COMPLETED", "None", .ended(BatchVerdict(kind: .byItself, reason: "COMPLETED"))),
    ("FAILED", "NonZeroExitCode", .ended(BatchVerdict(kind: .byItself, reason: "FAILED"))),
    ("CANCELLED by 1000", "None", .ended(BatchVerdict(kind: .cancelled, reason: "CANCELLED by 1000"))),
    ("TIMEOUT", "TimeLimit", .ended(BatchVerdict(kind: .outOfTime, reason: "TIMEOUT, TimeLimit"))),
    ("OUT_OF_MEMORY", "OutOfMemory", .ended(BatchVerdict(kind: .outOfMemory, reason: "OUT_OF_MEMORY, OutOfMemory"))),
    ("NODE_FAIL", "NodeDown", .ended(BatchVerdict(kind: .lost, reason: "NODE_FAIL, NodeDown"))),
    ("SOMETHING_NEW", "None", .ended(BatchVerdict(kind: .lost, reason: "SOMETHING_NEW"))),
  ])
  func states(word: String, reason: String, state: BatchEntry.State) {
    #expect(SlurmQueue.state(word, reason: reason) == state)
  }

  @Test(arguments: [
    ("sbatch: error: Unable to contact slurm controller (connect failure)", true),
    ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", true),
    ("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified", false),
    ("sbatch: error: invalid partition specified: gpu", false),
  ])
  func aBusyControllerIsNoRefusal(complaint: String, passes: Bool) {
    #expect(SlurmQueue.isPassing(complaint) == passes)
  }
}
