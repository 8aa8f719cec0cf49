import Core
import Foundation
import Testing

@testable import Measure

/// The valid settings of devices.yaml, and the errors of invalid ones.
@Suite struct DeviceFileTests {
  private func devices(_ yaml: String) throws -> TargetDevices {
    try DeviceFile(path: "devices.yaml").devices(yaml)
  }

  @Test func theShortestFileIsThisMachine() throws {
    let device = try #require(try devices("pc: {}")["pc"])
    #expect(device.host == nil)
    #expect(device.python == "python3")
    #expect(device.setups == [RuntimeSetup(.onnxruntime, on: "pc")])
    #expect(try devices("pc:\n") == devices("pc: {}"))
  }

  @Test func everythingCanBeSaid() throws {
    let all = try devices(
      """
      # The lab's.
      pi4:
        host: pi@raspberrypi.local
        ssh: [-p, "2222"]
        python: ~/labbook/bin/python
        quiet: 0.5
        patience: 60
        runtimes:
          - onnxruntime
          - {runtime: mnn, threads: 4, processors: [0, 1, 2, 3], memory: 512, options: {precision: low}}
          - runtime: litert
            name: pi4-tflite
      """)
    let device = try #require(all["pi4"])
    #expect(device.host == "pi@raspberrypi.local")
    #expect(device.sshOptions == ["-p", "2222"])
    #expect(device.python == "~/labbook/bin/python")
    #expect(device.quiet == 0.5)
    #expect(device.patience == 60)
    #expect(device.setups.map(\.name) == ["pi4-ort-1t", "pi4-mnn-4t", "pi4-tflite"])
    #expect(device.setups[1].processors == [0, 1, 2, 3])
    #expect(device.setups[1].memory == 512)
    #expect(device.setups[1].options == ["precision": "low"])
    #expect(all["pi4-mnn-4t"]?.setups.map(\.name) == ["pi4-mnn-4t"])
    #expect(all["pi5"] == nil)
  }

  static let mistakes: [(yaml: String, error: String)] = [
    ("", "devices.yaml:1: the file names no devices\n  " + DeviceFile.example),
    ("- pc", "devices.yaml:1: the file names no devices\n  " + DeviceFile.example),
    (
      "pc: yes",
      "devices.yaml:1:5: the device \"pc\" is not described by `key: value` lines\n  " + DeviceFile.example
    ),
    (
      "pc: {}\npc: {}",
      "devices.yaml:2:1: \"pc\" appears twice\n"
        + "  Give each device a name of its own, and each of its settings once."
    ),
    (
      "pc:\n  host: a\n  ssh: host\n  \"host\" : b",
      "devices.yaml:4:3: \"host\" appears twice\n"
        + "  Give each device a name of its own, and each of its settings once."
    ),
    (
      "pc: {quiet: 1, quiet: 2}",
      "devices.yaml:1:6: \"quiet\" appears twice\n"
        + "  Give each device a name of its own, and each of its settings once."
    ),
    (
      "pc: {runtimes: [onnxruntime, onnxruntime]}",
      "devices.yaml:1:30: two devices have the name \"pc-ort-1t\"\n"
        + "  The other one is at devices.yaml:1:17. Give one of them another name by `name:`."
    ),
    (
      "pc: {}\npi:\n  runtimes:\n    - onnxruntime\n    - {runtime: mnn, name: pc-ort-1t}",
      "devices.yaml:5:7: two devices have the name \"pc-ort-1t\"\n"
        + "  The other one is at devices.yaml:1:1. Give one of them another name by `name:`."
    ),
    (
      "pc:\n  runtimes: [{runtime: mnn, options: {precison: low}}]",
      "devices.yaml:2:39: `precison` is not an option of MNN\n"
        + "  Did you mean \"precision\"? The options of MNN are \"precision\", \"backend\"."
    ),
    (
      "pc:\n  runtimes: [{options: {precision: hihg}, runtime: mnn}]",
      "devices.yaml:2:36: `precision` can't be \"hihg\"\n"
        + "  Did you mean \"high\"? The values are \"high\", \"normal\", \"low\", \"Low_BF16\"."
    ),
    (
      "pc:\n  runtimes: [{runtime: litert, options: {fp16: false}}]",
      "devices.yaml:2:42: `fp16` is not an option of LiteRT\n  There are no options of LiteRT."
    ),
    (
      "pc:\n  runtimes: [{runtime: mnn, options: low}]",
      "devices.yaml:2:38: `options` must be `key: value` lines"
    ),
    (
      "pc:\n  hots: a",
      "devices.yaml:2:3: `hots` is not a key here\n  Did you mean \"host\"? The keys are \"host\", \"ssh\", "
        + "\"python\", \"runtimes\", \"quiet\", \"patience\"."
    ),
    (
      "pc:\n  runtimes: [onnx]",
      "devices.yaml:2:14: the runtime \"onnx\" is unknown\n  The runtimes are \"onnxruntime\", \"mnn\", \"ncnn\", "
        + "\"litert\", \"onednn\"."
    ),
    (
      "pc:\n  runtimes: [{threads: 2}]",
      "devices.yaml:2:14: the entry doesn't name its runtime\n  Write `{runtime: mnn, threads: 4}`."
    ),
    (
      "pc:\n  runtimes: [{runtime: mnn, threads: 0}]",
      "devices.yaml:2:38: `threads` must be a whole number, 1 or more"
    ),
    (
      "pc:\n  runtimes: [{runtime: mnn, threads: 1.5}]",
      "devices.yaml:2:38: `threads` must be a whole number, 1 or more"
    ),
    ("pc:\n  patience: long", "devices.yaml:2:13: `patience` must be a number, 0.0 or more"),
    (
      "a b: {}", "devices.yaml:1:1: \"a b\" can't name a device\n  Use letters, digits, hyphens, points, underscores."
    ),
    (
      "pc: {host: -oProxyCommand=x}",
      "devices.yaml:1:5: \"-oProxyCommand=x\" is not a host\n"
        + "  Write a host for ssh, such as `host: pi@raspberrypi.local`; options go to `ssh: [-p, \"2222\"]`."
    ),
    (
      "pc: {host: b, runtimes: [onednn]}",
      "devices.yaml:1:5: oneDNN runs in Labbook's own process, so it has no `host`\n"
        + "  Use it on this machine, without a limit, or use onnxruntime."
    ),
    (
      "pc: {runtimes: [{runtime: onednn, memory: 100}]}",
      "devices.yaml:1:5: oneDNN runs in Labbook's own process, so it has no `memory`\n"
        + "  Use it on this machine, without a limit, or use onnxruntime."
    ),
    (
      "pc: {host: [",
      "devices.yaml:2:1: this is not YAML: did not find expected node content\n"
        + "  Indent lines by spaces, and put texts with colons in quotes."
    ),
  ]

  @Test(arguments: mistakes)
  func mistakesAreToldWithTheirPlace(yaml: String, error: String) throws {
    let thrown = #expect(throws: InputError.self) { try devices(yaml) }
    #expect(thrown?.description == error)
  }

  @Test(arguments: RuntimeKind.allCases)
  func everyOptionCanBeSaid(runtime: RuntimeKind) throws {
    for (key, values) in runtime.options {
      for value in values.isEmpty ? ["CUDAExecutionProvider"] : values {
        let all = try devices("pc: {runtimes: [{runtime: \(runtime.rawValue), options: {\(key): \(value)}}]}")
        #expect(all["pc"]?.setups.map(\.options) == [[key: value]])
      }
    }
  }

  @Test func anUnknownDeviceIsToldWithTheNearest() throws {
    let all = try devices("pi4: {}\npc: {}")
    let thrown = #expect(throws: InputError.self) { try all.device("pi5") }
    #expect(
      thrown?.description == "the device \"pi5\" is unknown\n  Did you mean \"pi4\"? The devices are \"pi4\", "
        + "\"pi4-ort-1t\", \"pc\", \"pc-ort-1t\".")
  }

  @Test func theInstallingCommandIsTypedHere() throws {
    let pi = try devices("pi: {host: pi@pi.local, ssh: -p 22, python: venv/bin/python}").device("pi")
    #expect(
      pi.installCommand(.onnxruntime) == "ssh -p 22 pi@pi.local 'venv/bin/python -m pip install onnxruntime==1.32.0'")
    #expect(TargetDevice("pc").installCommand(.mnn) == "python3 -m pip install MNN==3.6.1 numpy")
    // pnnx's wheel would bring PyTorch.
    #expect(
      pi.installCommand(.ncnn)
        == "ssh -p 22 pi@pi.local 'venv/bin/python -m pip install ncnn==1.0.20261020 && "
        + "venv/bin/python -m pip install --no-deps pnnx==20261020'")
  }

  /// Debian's pip installs into environments only, and an old Python has no wheel of the tested version.
  @Test func theInstallingCommandSuitsTheDevice() throws {
    let pi = try devices("pi: {host: pi@pi.local}").device("pi")
    let managed = DeviceDescription(texts: ["python": "3.11.2"], isManaged: true)
    #expect(
      pi.installCommand(.onnxruntime, on: managed)
        == "ssh pi@pi.local 'python3 -m venv ~/labbook && ~/labbook/bin/pip install onnxruntime==1.32.0', "
        + "then write python: ~/labbook/bin/python in devices.yaml")
    #expect(
      TargetDevice("pc").installCommand(.ncnn, on: managed)
        == "python3 -m venv ~/labbook && ~/labbook/bin/pip install ncnn==1.0.20261020 && "
        + "~/labbook/bin/pip install --no-deps pnnx==20261020, "
        + "then write python: ~/labbook/bin/python in devices.yaml")
    let old = DeviceDescription(texts: ["python": "3.8.10"])
    #expect(pi.installCommand(.onnxruntime, on: old) == "ssh pi@pi.local 'python3 -m pip install onnxruntime'")
    #expect(pi.installCommand(.mnn, on: old) == "ssh pi@pi.local 'python3 -m pip install MNN==3.6.1 numpy'")
    #expect(pi.installCommand(.litert, on: old) == "ssh pi@pi.local 'python3 -m pip install ai-edge-litert'")
    let incomplete = DeviceDescription(runtimes: ["onnxruntime": "1.32.0"], lacking: ["mnn": "numpy"])
    #expect(pi.lacking([.mnn], on: incomplete).cause == "\"pi\" has no numpy, which MNN needs")
    #expect(incomplete.state(of: .mnn) == "MNN lacks numpy")
    #expect(incomplete.state(of: .ncnn) == "ncnn is missing")
    #expect(incomplete.state(of: .onnxruntime) == "ONNX Runtime 1.32.0")
  }

  @Test func whatMovesLatenciesIsToldAndNothingElse() {
    var before = DeviceDescription(
      texts: ["kernel": "6.1", "governor": "performance", "host": "a"], numbers: ["cores": 4],
      runtimes: ["onnxruntime": "1.31.0", "mnn": "3.5"])
    let now = DeviceDescription(
      texts: ["kernel": "6.6", "governor": "powersave", "host": "b"], numbers: ["cores": 4],
      runtimes: ["onnxruntime": "1.32.0", "mnn": "3.6"])
    #expect(
      now.changes(since: before, runtime: .onnxruntime) == [
        "its governor was performance and is powersave", "its kernel was 6.1 and is 6.6",
        "ONNX Runtime was 1.31.0 and is 1.32.0",
      ])
    before.texts = now.texts
    #expect(now.changes(since: before, runtime: .ncnn).isEmpty)
  }
}
