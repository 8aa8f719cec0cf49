/// The agent's program: the files of the folder `Agent` one after another, a single file on the device.
enum AgentSource {
  static let bytes: [UInt8] =
    PackageResources.begin_py + PackageResources.runtime_onnxruntime_py + PackageResources.runtime_mnn_py
    + PackageResources.runtime_ncnn_py + PackageResources.runtime_litert_py + PackageResources.system_py
    + PackageResources.worker_py + PackageResources.serve_py

  /// What Python is started with: it reads so many bytes of its input as the program, and runs it.
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
