import Cluster
import Foundation
import Glibc
import Testing

/// The cluster as people watch it, in a terminal and out of one, and what logs say for programs.
@Suite("watching a cluster", .serialized)
struct TopTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func coordinator(_ options: [String] = []) throws -> (process: TuttiProcess, broker: String, url: String) {
        let process = try TuttiProcess(
            [
                "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
                "--checkpoint-interval", "0.1",
            ] + options)
        let addresses = try DocumentationTests.addresses(of: process)
        return (process, addresses.broker, "http://\(addresses.http)")
    }

    @Test("shows what runs, how fast, and the figures that form, and ends with the job", .timeLimit(.minutes(5)))
    func live() throws {
        let (coordinator, broker, url) = try coordinator()
        defer { coordinator.send(SIGKILL) }
        let idle = try TuttiProcess.run(["top", "--once", "--url", url])
        #expect(idle.code == 0 && idle.output.contains("No worker is connected."), "\(idle.complaints)")
        let worker = try TuttiProcess(["worker", "--connect", broker, "--slots", "2", "--tag", "zone=a"])
        defer { worker.send(SIGKILL) }
        let plan = ["--chains", "2", "--warmup", "200", "--draws", "1000000", "--resamples", "0", "--url", url]
        #expect(try TuttiProcess.run(["submit", Workplace.model("mmm_example")] + plan).output == "1")

        // Until somebody has looked at the draws, and the pace is known.
        let watching = try TuttiProcess(["top", "1", "--json", "--interval", "0.5", "--url", url])
        defer { watching.send(SIGKILL) }
        let line = try #require(
            watching.waitForLine { line in
                guard let job = try? JSONDecoder().decode(JobLive.self, from: Data(line.utf8)) else { return false }
                // Iterations come with checkpoints, gradients with heartbeats.
                return job.figures?.highestRHat != nil && job.secondsLeft != nil
                    && job.chains.allSatisfy { ($0.pace?.gradients ?? 0) > 0 }
            })
        let job = try JSONDecoder().decode(JobLive.self, from: Data(line.utf8))
        let figures = try #require(job.figures)
        #expect(figures.chains >= 1 && figures.draws >= 20 && figures.lookedAt <= 2000)
        #expect(figures.quantities.allSatisfy { $0.name.hasPrefix("roi[") && $0.q05 <= $0.q50 && $0.q50 <= $0.q95 })
        #expect(figures.highestRHat.map { $0.value > 0.9 } == true)
        #expect(job.chains.map(\.task.label) == ["chain 1", "chain 2"])
        #expect(job.chains.allSatisfy { $0.worker?.isEmpty == false })
        let pace = try #require(job.pace)
        #expect(pace.gradients > 0 && pace.iterations > 0)
        let left = try #require(job.secondsLeft)
        let rest = Double(job.summary.iterations - job.summary.iteration) / pace.iterations
        #expect(abs(left - rest) <= 1)

        let overview = try TuttiProcess.run(["top", "--once", "--url", url]).output
        for part in ["1 mmm-example", "running", "slots: 2 of 2 on 1 worker", "1 chain 1, 1 chain 2", "worker joined"] {
            #expect(overview.contains(part), "\(part) is missing from:\n\(overview)")
        }
        let snapshot = try TuttiProcess.run(["top", "--once", "--json", "--url", url]).output
        let cluster = try JSONDecoder().decode(ClusterOverview.self, from: Data(snapshot.utf8))
        #expect(cluster.workers.map(\.tags) == [["zone=a"]])
        #expect(cluster.workers.allSatisfy { $0.silence < 15 && $0.gradientsPerSecond > 0 && $0.running.count == 2 })

        // Where it is no terminal, a line a look; and it ends with what it watches.
        let piped = try TuttiProcess(["top", "1", "--interval", "0.5", "--url", url])
        #expect(piped.waitForLine { $0.hasPrefix("job 1 mmm-example: running, ") } != nil)
        #expect(try TuttiProcess.run(["cancel", "1", "--url", url]).code == 0)
        let ended = piped.wait()
        #expect(ended.code == 0 && ended.output.contains("job 1 mmm-example: cancelled"))
        #expect(!ended.output.contains("\u{1B}"))
        #expect(watching.wait().code == 0)
        #expect(try TuttiProcess.run(["top", "9", "--once", "--url", url]).code == 2)
        #expect(try TuttiProcess.run(["top", "--interval", "0", "--url", url]).code == 2)
    }

    @Test("takes a terminal's other screen, and gives it back", .timeLimit(.minutes(2)))
    func screen() throws {
        let (coordinator, _, url) = try coordinator()
        defer { coordinator.send(SIGKILL) }
        let submitted = try TuttiProcess.run(["submit", Workplace.model("mmm_example"), "--url", url])
        #expect(submitted.code == 0)
        for leaving in ["q", nil] {
            let terminal = try Terminal(columns: 60, rows: 12)
            let top = try terminal.run(["top", "--interval", "0.5", "--url", url])
            let shown = terminal.read(until: { $0.contains("q leaves") })
            #expect(shown.hasPrefix("\u{1B}[?1049h"), "\(shown.debugDescription)")
            #expect(shown.contains("1 mmm-example") && shown.contains("No worker is connected"))
            // No line is longer than the terminal is wide, and there are no more than it has.
            let lines = shown.components(separatedBy: "\u{1B}[H").last?.components(separatedBy: "\r\n") ?? []
            #expect(lines.count <= 12)
            for line in lines {
                #expect(line.replacing(/\u{1B}\[[0-9?]*[A-Za-z]/, with: "").count <= 60, "\(line.debugDescription)")
            }
            if let leaving { terminal.type(leaving) } else { top.terminate() }
            #expect(terminal.read(until: { $0.contains("\u{1B}[?1049l") }).contains("\u{1B}[?25h"))
            guard ends(top) else { continue }
            #expect(top.terminationStatus == (leaving == nil ? 128 + SIGTERM : 0))
            #expect(terminal.echoes, "what is typed is seen again")
        }
    }

    /// Whether a program ends by itself, for ten seconds at most.
    private func ends(_ process: Process) -> Bool {
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            process.waitUntilExit()
            ended.signal()
        }
        if ended.wait(timeout: .now() + 10) == .success { return true }
        Issue.record("it does not leave")
        kill(process.processIdentifier, SIGKILL)
        return false
    }

    @Test("of a job that is waited for a terminal shows the same, then what is said without", .timeLimit(.minutes(3)))
    func watch() throws {
        let (coordinator, broker, url) = try coordinator()
        defer { coordinator.send(SIGKILL) }
        let plan = ["--chains", "1", "--warmup", "50", "--draws", "50", "--resamples", "0", "--url", url]
        #expect(try TuttiProcess.run(["submit", Workplace.model("mmm_example")] + plan).output == "1")
        #expect(
            try TuttiProcess.run(["submit", Workplace.model("mmm_example"), "--seed", "9"] + plan).output == "2")
        let seen = "\u{1B}[?1049h"
        let left = "\u{1B}[?1049l"

        // One that is cancelled, and one that ends well but for its gate.
        for (job, code) in [("1", Int32(1)), ("2", 3)] {
            let terminal = try Terminal(columns: 70, rows: 20)
            let complaints = Pipe()
            let watch = try terminal.run(["watch", job, "--url", url], complaints: complaints)
            let shown = terminal.read(until: { $0.contains("ctrl-C: end") })
            #expect(shown.hasPrefix(seen) && !shown.contains(left), "\(shown.debugDescription)")
            #expect(shown.contains("\(job) mmm-example") && shown.contains("chain 1"))
            var worker: TuttiProcess?
            if code == 1 {
                #expect(try TuttiProcess.run(["cancel", job, "--url", url]).code == 0)
            } else {
                worker = try TuttiProcess(["worker", "--connect", broker, "--slots", "1"])
            }
            defer { worker?.send(SIGKILL) }
            let end = terminal.read(
                until: { $0.components(separatedBy: left).dropFirst().first?.contains("\n") == true }, seconds: 60)
            guard ends(watch) else { continue }
            let last = try #require(end.components(separatedBy: left).last)
            #expect(last == "\(job)\r\n" && end.contains("\u{1B}[?25h"), "\(end.suffix(300).debugDescription)")
            #expect(watch.terminationReason == .exit && watch.terminationStatus == code && terminal.echoes)
            // What is said without a terminal, of a job that is over.
            let piped = try TuttiProcess.run(["watch", job, "--url", url])
            #expect(piped.code == code && piped.output == job && !piped.output.contains("\u{1B}"))
            let said = String(decoding: complaints.fileHandleForReading.availableData, as: UTF8.self)
            #expect(!said.isEmpty && said == piped.complaints)
            // On a terminal too the view is not opened for it.
            let late = try Terminal(columns: 70, rows: 20)
            let again = try late.run(["watch", job, "--url", url])
            #expect(ends(again) && again.terminationStatus == code)
            #expect(late.read(until: { $0.contains("\n") }) == "\(job)\r\n")
        }
    }

    @Test("who leaves the view of a job has its progress, and can end it", .timeLimit(.minutes(2)))
    func leavesWatch() throws {
        let (coordinator, _, url) = try coordinator()
        defer { coordinator.send(SIGKILL) }
        #expect(try TuttiProcess.run(["submit", Workplace.model("mmm_example"), "--url", url]).output == "1")
        let terminal = try Terminal(columns: 70, rows: 20)
        let complaints = Pipe()
        let watch = try terminal.run(["watch", "1", "--url", url], complaints: complaints)
        _ = terminal.read(until: { $0.contains("ctrl-C: end") })
        terminal.type("q")
        _ = terminal.read(until: { $0.contains("\u{1B}[?1049l") })
        // What waits has no speed.
        let progress = String(decoding: complaints.fileHandleForReading.availableData, as: UTF8.self)
        #expect(progress.contains("chains 0 %") && progress.contains("starting"), "\(progress.debugDescription)")
        #expect(terminal.echoes && watch.isRunning)
        // As ctrl-C does.
        watch.interrupt()
        #expect(ends(watch))
        #expect(watch.terminationReason == .uncaughtSignal && watch.terminationStatus == SIGINT)
    }

    @Test("logs as JSON have job, task and worker as fields", .timeLimit(.minutes(2)))
    func logs() throws {
        let (coordinator, broker, url) = try coordinator(["--log-json"])
        defer { coordinator.send(SIGKILL) }
        let worker = try TuttiProcess(
            ["worker", "--connect", broker, "--slots", "1", "--exit-when-idle"], environment: ["TUTTI_LOG_JSON": "true"]
        )
        let plan = ["--chains", "1", "--warmup", "50", "--draws", "50", "--resamples", "0", "--url", url, "--wait"]
        #expect(try TuttiProcess.run(["submit", Workplace.model("mmm_example")] + plan).code == 3)
        func fields(_ line: Substring) throws -> [String: String] {
            try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        }
        coordinator.send(SIGTERM)
        let lines = try coordinator.wait().complaints.split(separator: "\n").map(fields)
        let granted = try #require(lines.first { $0["message"] == "granted" })
        #expect(granted["job"] == "1" && granted["task"] == "chain 1" && granted["program"] == "coordinator")
        #expect(granted["level"] == "info" && granted["worker"]?.hasSuffix(":\(worker.processID)") == true)
        #expect(granted["at"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/) != nil)
        worker.send(SIGTERM)
        let own = try worker.wait().complaints.split(separator: "\n").map(fields)
        let started = try #require(own.first { $0["message"] == "started" })
        #expect(started["job"] == "1" && started["task"] == "0" && started["program"] == "worker")
        #expect(own.allSatisfy { $0["worker"] == granted["worker"] })
    }
}

/// A terminal without a window.
private final class Terminal {
    /// Linux' TIOCSPTLCK and TIOCGPTN, macros that Swift does not see.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private let own: Int32
    /// The side that programs use.
    let other: FileHandle

    init(columns: UInt16, rows: UInt16) throws {
        own = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number) = (Int32(0), UInt32(0))
        try #require(own >= 0 && ioctl(own, Self.setLock, &lock) == 0 && ioctl(own, Self.getNumber, &number) == 0)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(own, UInt(TIOCSWINSZ), &size) == 0)
        let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(descriptor >= 0)
        other = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    deinit { close(own) }

    /// Runs the program on it.
    /// - Parameter complaints: where standard error goes; nil: nowhere.
    func run(_ arguments: [String], complaints: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TuttiProcess.path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
        (process.standardInput, process.standardOutput) = (other, other)
        if let complaints { process.standardError = complaints } else { process.standardError = FileHandle.nullDevice }
        try process.run()
        return process
    }

    func type(_ text: String) {
        _ = write(own, text, text.utf8.count)
    }

    /// What comes until it satisfies `condition`, for some seconds at most.
    func read(until condition: (String) -> Bool, seconds: Int = 10) -> String {
        var bytes: [UInt8] = []
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            var poll = pollfd(fd: own, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, 100) == 1 else { continue }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = Glibc.read(own, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            if condition(text) { return text }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    var echoes: Bool {
        var settings = termios()
        return tcgetattr(other.fileDescriptor, &settings) == 0 && settings.c_lflag & UInt32(ECHO) != 0
    }
}
