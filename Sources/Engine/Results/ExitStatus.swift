/// The exit status of the command.
package enum ExitStatus: Int32 {
  case success = 0
  case cellFailed = 1
  case invalid = 2
  case different = 3
  case timedOut = 124
  case interrupted = 130
}
