import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@testable import Engine

/// The script that the nodes run, in a shell without the queue's commands.
@Suite(.waiting) struct TaskScriptTests {
  private final class Job {
    let temporary: TemporaryFolder
    let folder: JobFolder
    let task: BatchTask
    let list: URL

    init(program: String, modules: [String] = []) throws {
      temporary = try TemporaryFolder("task")
      folder = JobFolder(temporary.url.appendingPathComponent("job"))
      try folder.prepare()
      task = BatchTask("cell", in: folder)
      try FileManager.default.createDirectory(at: task.folder, withIntermediateDirectories: true)
      let file = temporary.url.appendingPathComponent("program")
      try "#!/bin/sh\n\(program)\n".write(to: file, atomically: true, encoding: .utf8)
      chmod(file.path, 0o755)
      try TaskScript.environment(
        program: file.path, folder: temporary.url.path, modules: modules, variables: ["GREETING": "it's \"me\""]
      ).write(to: task.folder.appendingPathComponent("environment"), atomically: true, encoding: .utf8)
      list = folder.url.appendingPathComponent("submissions/0.tasks")
      try "\(task.folder.path)\n".write(to: list, atomically: true, encoding: .utf8)
    }

    func start(token: String = "0-00000000000000aa", _ variables: [String: String] = [:]) throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [folder.url.appendingPathComponent(TaskScript.name).path, list.path, token]
      process.environment = ["PATH": "/usr/bin:/bin"].merging(variables) { $1 }
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }

    func run(token: String = "0-00000000000000aa", _ variables: [String: String] = [:]) throws -> Int32 {
      let process = try start(token: token, variables)
      process.waitUntilExit()
      return process.terminationStatus
    }

    func text(_ name: String) throws -> String {
      try String(contentsOf: try #require(task.attempts().last).appendingPathComponent(name), encoding: .utf8)
    }

    var record: TaskRecord? { task.attempts().last.flatMap(BatchTask.record) }
  }

  @Test func theRecordSaysHowLongEveryFileIs() throws {
    let job = try Job(program: "echo $GREETING; echo oh >&2; echo event >$LABBOOK_EVENTS; exit 3")
    #expect(try job.run() == 3)
    #expect(try job.text("stdout") == "it's \"me\"\n")
    #expect(job.record?.kind == .ended)
    #expect(job.record?.code == 3)
    #expect(job.record?.sizes == [10, 3, 6])
    #expect(BatchTask.origin(job.task.attempts()[0])?.host == ProcessInfo.processInfo.hostName)
  }

  @Test func whatHasEndedIsNotRunAgain() throws {
    let job = try Job(program: "echo ran >>count")
    #expect(try job.run() == 0)
    #expect(try job.run(["SLURM_RESTART_COUNT": "1"]) == 0)
    #expect(try job.run(token: "1-00000000000000bb") == 0)
    let count = job.temporary.url.appendingPathComponent("count")
    #expect(try String(contentsOf: count, encoding: .utf8) == "ran\n")
    #expect(job.task.attempts().count == 1)
  }

  @Test func aTaskThatWasAskedToEndIsRunAgainAndTheOtherTasksOfItsArrayAreNot() throws {
    let job = try Job(program: "[ -e again ] && exit 0; touch again; exec sleep 60")
    let first = try job.start()
    while !FileManager.default.fileExists(atPath: job.temporary.url.appendingPathComponent("again").path) {
      usleep(10_000)
    }
    kill(first.processIdentifier, SIGTERM)
    first.waitUntilExit()
    #expect(job.record?.kind == .asked)
    #expect(job.record?.isCertain == false)
    #expect(try job.run(["SLURM_RESTART_COUNT": "1"]) == 0)
    #expect(job.record?.isCertain == true)
    #expect(job.task.attempts().map(\.lastPathComponent).map { $0.last } == ["0", "1"])
  }

  @Test func aTaskThatIsStartedTwiceRunsOnce() throws {
    let job = try Job(program: "sleep 0.5; echo ran >>count")
    let first = try job.start()
    while job.task.attempts().isEmpty { usleep(10_000) }
    #expect(try job.run() == 0)
    first.waitUntilExit()
    let count = job.temporary.url.appendingPathComponent("count")
    #expect(try String(contentsOf: count, encoding: .utf8) == "ran\n")
  }

  @Test func anAttemptThatWasKilledIsNotCertain() throws {
    let job = try Job(program: "kill -9 $$")
    #expect(try job.run() == 137)
    #expect(job.record?.isCertain == false)
    #expect(!FileManager.default.fileExists(atPath: job.task.folder.appendingPathComponent("done").path))
  }

  @Test func modulesAreLoadedBeforeTheProgram() throws {
    let job = try Job(program: "echo $LOADED", modules: ["gcc/12"])
    let initial = job.temporary.url.appendingPathComponent("init")
    try FileManager.default.createDirectory(at: initial, withIntermediateDirectories: true)
    try "module() { [ \"$2\" = gcc/12 ] || { echo no $2; return 1; }; export LOADED=$2; }\n"
      .write(to: initial.appendingPathComponent("sh"), atomically: true, encoding: .utf8)
    #expect(try job.run(["MODULESHOME": job.temporary.url.path]) == 0)
    #expect(try job.text("stdout") == "gcc/12\n")
    let other = try Job(program: "echo never", modules: ["gcc/13"])
    #expect(try other.run(["MODULESHOME": job.temporary.url.path]) == 1)
    #expect(other.record?.kind == .unprepared)
    #expect(try other.text("stderr") == "no gcc/13\n")
  }

  @Test func aProgramThatTheMachineDoesNotSeeIsNamed() throws {
    let job = try Job(program: "true")
    try FileManager.default.removeItem(at: job.temporary.url.appendingPathComponent("program"))
    #expect(try job.run() == 1)
    #expect(job.record?.kind == .unprepared)
    #expect(try job.text("stderr").contains("doesn't see"))
  }

  @Test(arguments: ["", "ended", "ended 0 1 2 3", "ended x 1 2 3 4", "well 0 1 2 3 4", "ended 0 1 2 3 4 5"])
  func whatIsNoRecordIsNone(text: String) {
    #expect(TaskRecord(text) == nil)
  }

  @Test func filesThatAreNotAllThereAreWaitedFor() throws {
    let temporary = try TemporaryFolder("visible")
    for name in ["stdout", "stderr", "events"] {
      try "1234".write(to: temporary.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let record = try #require(TaskRecord("ended 0 1 4 0 4"))
    let late = try #require(TaskRecord("ended 0 1 4 0 5"))
    #expect(BatchTask.isVisible(record, of: temporary.url, events: [], blobs: temporary.url))
    #expect(!BatchTask.isVisible(late, of: temporary.url, events: [], blobs: temporary.url))
    let value = StoredValue(name: "x", type: "Int", sha256: "abc", bytes: 2)
    #expect(!BatchTask.isVisible(record, of: temporary.url, events: [.handedOn(value)], blobs: temporary.url))
    try "12".write(to: temporary.url.appendingPathComponent("abc"), atomically: true, encoding: .utf8)
    #expect(BatchTask.isVisible(record, of: temporary.url, events: [.handedOn(value)], blobs: temporary.url))
  }
}
