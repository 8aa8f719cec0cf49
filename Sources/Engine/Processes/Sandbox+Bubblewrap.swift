import Foundation

extension Sandbox {
  /// - Parameter namesSurvivors: Whether the command is started by `namingSurvivors`, which then is the first process.
  func bubblewrapArguments(
    _ command: [String], in folder: URL?, _ environment: [String: String], namesSurvivors: Bool
  ) -> [String] {
    var arguments = [
      program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "sandbox",
      "--clearenv", "--ro-bind", "/usr", "/usr",
    ]
    for name in ["bin", "sbin", "lib", "lib64", "lib32"] {
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
        arguments += ["--symlink", target, "/\(name)"]
      } else {
        arguments += ["--ro-bind-try", "/\(name)", "/\(name)"]
      }
    }
    for file in Self.systemFiles { arguments += ["--ro-bind-try", file, file] }
    let size = ["--size", String(SandboxLimits.scratchBytes)]
    // If root runs the sandbox, files in /proc/sys belong to the cell's user, and core_pattern can name a program that
    // the kernel starts outside.
    arguments += ["--proc", "/proc", "--remount-ro", "/proc"]
    arguments += ["--dev", "/dev"] + size + ["--tmpfs", "/tmp"] + size + ["--tmpfs", "/dev/shm"]
    // The folder of a notebook directly in /tmp is /tmp, which must stay readable.
    let scratch = readable.contains { $0.path == "/tmp" } ? "/scratch" : "/tmp"
    if scratch != "/tmp" { arguments += size + ["--tmpfs", scratch] }
    arguments += ["--dir", "\(scratch)/home"]
    for url in readable { arguments += ["--ro-bind-try", url.path, url.path] }
    // An empty tmpfs replaces a hidden folder, and an empty file replaces a hidden file.
    for url in hidden {
      var isFolder: ObjCBool = false
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
      guard !isLink, FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { continue }
      arguments += isFolder.boolValue ? size + ["--tmpfs", url.path] : ["--ro-bind", "/dev/null", url.path]
    }
    for url in tools { arguments += ["--ro-bind-try", url.path, url.path] }
    for url in writable { arguments += ["--bind", url.path, url.path] }
    // The root with the mount points is a tmpfs too, without a size limit, so it is made read-only.
    arguments += ["--remount-ro", "/"]
    for (name, value) in Self.variables(environment, home: "\(scratch)/home", scratch: scratch) {
      arguments += ["--setenv", name, value]
    }
    arguments += ["--chdir", folder?.path ?? scratch] + (namesSurvivors ? ["--as-pid-1"] : []) + ["--"]
    // The limit counts in the sandbox's own user namespace, so that the user's other processes don't count.
    return arguments + SandboxLimits.processArguments + (namesSurvivors ? Self.namingSurvivors : []) + command
  }

  /// A command line that runs the command behind it and then writes the names of the processes that it left to standard
  /// error. When the namespace's first process ends, the kernel ends all others unnamed, so this is the first process.
  /// The kernel also keeps the others from ending it by a signal that it doesn't catch, and shells catch SIGINT.
  ///
  /// The script uses only what the shell itself can do, because the cell may have used up the number of processes.
  private static let namingSurvivors = [
    "/bin/sh", "-c",
    #"""
    trap : INT
    exec 3>&2 2>/dev/null
    "$@" 2>&3 3>&-
    code=$?
    left= count=0
    [ $$ = 1 ] && for file in /proc/[0-9]*/status; do
      name= state= process=
      while read -r key value; do
        case $key in
          Name:) name=$value ;;
          State:) state=$value ;;
          Pid:) process=$value; break ;;
        esac
      done <"$file"
      case "$state" in Z* | X* | "") continue ;; esac
      [ "$process" = 1 ] || [ $count -ge 20 ] && continue
      left="$left${left:+, }$name" count=$((count + 1))
    done
    [ "$left" ] && echo "[Labbook ended processes that the cell left behind: $left]" >&3
    exit $code
    """#, "sh",
  ]
}
