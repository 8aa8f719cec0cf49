/// The agent's program: the files of the folder `Agent`, concatenated into a single file for the device.
enum AgentSource {
  static let bytes: [UInt8] =
    PackageResources.begin_py + PackageResources.runtime_onnxruntime_py + PackageResources.runtime_mnn_py
    + PackageResources.runtime_ncnn_py + PackageResources.runtime_litert_py + PackageResources.system_py
    + PackageResources.worker_py + PackageResources.serve_py

  /// The program with which Python is started: it reads this number of bytes from its input and runs them as a
  /// program.
  static var loader: String {
    """
    import os
    s=b""
    while len(s)<\(bytes.count):
     d=os.read(0,\(bytes.count)-len(s))
     if not d: raise SystemExit
     s+=d
    exec(compile(s,"labbook-agent","exec"))
    """
  }
}
