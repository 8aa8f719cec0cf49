/// The shell script that runs one task of a job on another machine, and writes a record of its end.
///
/// The record is written last and contains the length of every file. A reader waits until the shared file system
/// shows files of these lengths.
enum TaskScript {
  static let name = "task.sh"

  /// Exit codes that the queue may have caused, so the queue is asked for the reason.
  static let doubtfulCodes: Set<Int32> = [129, 130, 137, 143, 152]

  static let text = #"""
    #!/bin/sh
    # Labbook: runs a task of a notebook's cell. $1 lists the folders of a submission's tasks, $2 is its token.
    list=$1 token=$2
    tries=0
    while [ ! -s "$list" ] && [ $tries -lt 60 ]; do tries=$((tries + 1)); sleep 1; done
    task=$(sed -n "$((${SLURM_ARRAY_TASK_ID:-0} + 1))p" "$list")
    [ -n "$task" ] && cd "$task" || { echo "labbook: no task's folder can be entered ($list)" >&2; exit 74; }
    # Requeued although it has ended by itself.
    [ -e done ] && exit 0
    attempt=$task/attempt-$token-${SLURM_RESTART_COUNT:-0}
    if ! mkdir "$attempt"; then
      # Started twice: the other one is at work.
      [ -d "$attempt" ] && exit 0
      exit 74
    fi
    start=$(date +%s) child= asked=
    size() { if [ -e "$attempt/$1" ]; then wc -c <"$attempt/$1"; else echo 0; fi; }
    end() {
      sync "$attempt/stdout" "$attempt/stderr" "$attempt/events" 2>/dev/null
      echo $1 $2 $(($(date +%s) - start)) $(size stdout) $(size stderr) $(size events) >"$attempt/.ending" &&
        sync "$attempt/.ending" && mv "$attempt/.ending" "$attempt/ending" || exit 74
    }
    trap 'asked=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
    {
      uname -n
      date -u +%Y-%m-%dT%H:%M:%SZ
      sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sed 1q
      sed -n 's/^flags[^:]*: *//p' /proc/cpuinfo | sed 1q
    } >"$attempt/.begun" && mv "$attempt/.begun" "$attempt/begun" || exit 74
    export LABBOOK_EVENTS="$attempt/events"
    : >"$attempt/stdout" && : >"$attempt/stderr" || exit 74
    . "$task/environment"
    for module in $modules; do
      if ! command -v module >/dev/null; then
        for file in "${MODULESHOME:-/usr/share/modules}/init/sh" /usr/share/lmod/lmod/init/sh \#
    /etc/profile.d/modules.sh; do
          [ -r "$file" ] && . "$file" && break
        done
      fi
      module load "$module" 2>>"$attempt/stderr" >&2 || { end unprepared 1; exit 1; }
    done
    if ! cd "$folder" || [ ! -x "$program" ]; then
      echo "$(uname -n) doesn't see $folder or $program" >>"$attempt/stderr"
      end unprepared 1
      exit 1
    fi
    "$program" >>"$attempt/stdout" 2>>"$attempt/stderr" </dev/null &
    child=$!
    wait "$child"
    code=$?
    while kill -0 "$child" 2>/dev/null; do
      wait "$child"
      code=$?
    done
    kind=ended
    [ -n "$asked" ] && [ $code -ne 0 ] && kind=asked
    end $kind $code
    case "$kind $code" in asked* | *129 | *130 | *137 | *143 | *152) exit $code ;; esac
    : >"$task/done"
    exit $code
    """# + "\n"

  /// The file that the script reads: the program, its folder, and its variables.
  static func environment(program: String, folder: String, modules: [String], variables: [String: String]) -> String {
    var lines = [
      "program=\(SSHQueue.quoted(program))", "folder=\(SSHQueue.quoted(folder))",
      "modules=\(SSHQueue.quoted(modules.joined(separator: " ")))",
    ]
    lines += variables.sorted { $0.key < $1.key }.map { "export \($0.key)=\(SSHQueue.quoted($0.value))" }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The record of how a task's attempt ended.
struct TaskRecord: Hashable, Sendable {
  enum Kind: String, Sendable {
    case ended
    /// The task was asked to end, usually by the queue.
    case asked
    /// The task's program could not be started.
    case unprepared
  }

  var kind: Kind
  var code: Int32
  var seconds: Double
  /// The sizes of standard output, standard error and events, in bytes.
  var sizes: [Int]

  /// nil if the text isn't a record.
  init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 6, let kind = Kind(rawValue: words[0]), let code = Int32(words[1]),
      let seconds = Double(words[2])
    else { return nil }
    let sizes = words[3...].compactMap { Int($0) }
    guard sizes.count == 3 else { return nil }
    self.kind = kind
    self.code = code
    self.seconds = max(0, seconds)
    self.sizes = sizes
  }

  /// Whether the task ended by itself, whatever the queue reports.
  var isCertain: Bool { kind != .asked && !TaskScript.doubtfulCodes.contains(code) }

  /// The ending of the process; shells add 128 to a signal's number.
  var cause: CellProcess.Ending.Cause { code > 128 ? .signalled(code - 128) : .exited(code) }
}
