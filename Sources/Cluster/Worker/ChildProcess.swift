import CLinux
import Glibc

/// Why a child process could not be started.
package struct ChildProcessError: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    package var description: String { "cannot start \(path): \(String(cString: strerror(code)))" }
}

/// A process that this one started. Its standard input and output are pipes when asked for; standard error is
/// inherited. Every other descriptor of ours is close-on-exec. Signals that this process blocks or ignores do to the
/// child what they do by default.
///
/// The parent-death signal of a child follows the thread that started it, so that thread must live as long as the
/// child may.
package struct ChildProcess {
    package let processID: pid_t
    /// Write end of the child's standard input, or -1.
    package let input: Int32
    /// Read end of the child's standard output, non-blocking, or -1.
    package let output: Int32

    /// Starts `path` with `arguments` (without the name itself).
    package static func start(
        path: String, arguments: [String], pipes: Bool
    ) throws(ChildProcessError) -> ChildProcess {
        var inputPipe: [Int32] = [-1, -1]
        var outputPipe: [Int32] = [-1, -1]
        if pipes {
            guard tutti_pipe(&inputPipe) == 0, tutti_pipe(&outputPipe) == 0 else {
                throw ChildProcessError(path: path, code: errno)
            }
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if pipes {
            posix_spawn_file_actions_adddup2(&actions, inputPipe[0], 0)
            posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 1)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        var ownSignals = sigset_t()
        sigemptyset(&ownSignals)
        sigaddset(&ownSignals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &ownSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, path, &actions, &attributes, words, environ)
        if pipes {
            close(inputPipe[0])
            close(outputPipe[1])
        }
        guard code == 0 else {
            if pipes {
                close(inputPipe[1])
                close(outputPipe[0])
            }
            throw ChildProcessError(path: path, code: code)
        }
        if pipes { _ = fcntl(outputPipe[0], F_SETFL, O_NONBLOCK) }
        return ChildProcess(processID: processID, input: inputPipe[1], output: outputPipe[0])
    }

    /// How the process ended, or nil while it runs.
    package func pollExit() -> ProcessExit? {
        var status: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(processID, &status, WNOHANG) } while result < 0 && errno == EINTR
        return result == processID ? ProcessExit(status: status) : nil
    }

    /// Waits for the process to end.
    package func waitForExit() -> ProcessExit {
        var status: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(processID, &status, 0) } while result < 0 && errno == EINTR
        return ProcessExit(status: result == processID ? status : 0)
    }

    package func signal(_ number: Int32) {
        kill(processID, number)
    }

    package func closePipes() {
        if input >= 0 { close(input) }
        if output >= 0 { close(output) }
    }

    /// This program's own file, as the kernel knows it.
    package static var ownPath: String { "/proc/self/exe" }
}

/// How a process ended, from its wait status.
package struct ProcessExit: CustomStringConvertible {
    /// The exit code, or nil when a signal ended the process.
    package let code: Int32?
    package let signal: Int32?

    init(status: Int32) {
        let number = status & 0x7f
        signal = number == 0 ? nil : number
        code = number == 0 ? (status >> 8) & 0xff : nil
    }

    package var description: String {
        if let signal { return "ended by signal \(signal)" }
        return "exit code \(code ?? 0)"
    }
}

/// Binds this process's life to that of the process that started it.
package enum ParentProcess {
    /// Asks for `SIGKILL` at the parent's end. Ends at once when the parent is gone already: `expected` is the
    /// parent's process id as the parent itself wrote it, so a death before this call is noticed.
    package static func dieWith(expected: pid_t) {
        _ = tutti_set_parent_death_signal(SIGKILL)
        if getppid() != expected { exit(1) }
    }
}

/// What a write to a pipe or socket does that nobody reads any more.
package enum BrokenPipe {
    /// Makes it fail with EPIPE instead of ending this process by SIGPIPE. Every process that outlives those it talks to
    /// calls this before it talks: a slot, a terminal or a client that goes is an ordinary event.
    package static func isAnError() {
        signal(SIGPIPE, SIG_IGN)
    }
}

/// What asks a process to leave: SIGTERM, and SIGINT from a terminal.
package enum LeavingSignals {
    /// Engines send them to all processes of a job at once. A slot leaves them to its worker, which asks it for a checkpoint
    /// first and ends it then.
    package static func areForTheParent() {
        signal(SIGTERM, SIG_IGN)
        signal(SIGINT, SIG_IGN)
    }
}
