import Cluster
import Coordination
import Fitting
import Foundation
import Glibc
import ModelFile
import Testing
import Wire

/// The real program's slot, spoken to as an agent does.
@Suite("a slot's process", .serialized)
struct SlotProcessTests {
    /// The program beside the test bundle.
    private static let program: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("tutti").path
    }()

    private let submission: FitSubmission
    /// A fit whose chains do not end while they are looked at.
    private let longSubmission: FitSubmission

    init() throws {
        BrokenPipe.isAnError()
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = package.appendingPathComponent("Configs/models/mmm_example.yaml").path
        let bundle = try ModelFileReader.bundle(at: path)
        let read = try ModelFileReader.read(bundle)
        var settings = FitSettings(read.specification)
        settings.chains = 2
        settings.warmup = 20
        settings.draws = 10
        submission = try FitSubmission(bundle: bundle, read: read, settings: settings)
        settings.draws = 1_000_000
        longSubmission = try FitSubmission(bundle: bundle, read: read, settings: settings)
    }

    private func grant(_ index: UInt32) -> Grant { grant(index, of: submission) }

    private func grant(_ index: UInt32, of submission: FitSubmission) -> Grant {
        let task = submission.job().tasks[Int(index)]
        return Grant(
            attempt: AttemptID(task: TaskID(job: JobID(1), index: index), epoch: 1), digest: task.digest,
            payload: task.payload, inputs: task.inputs, start: nil)
    }

    private static func isEnd(_ event: SlotEvent) -> Bool {
        switch event {
        case .finished, .failed, .stopped: true
        default: false
        }
    }

    /// Lets the process read and speak until it has said how its task ended, or has ended itself.
    private func outcome(of process: inout SlotProcess) throws -> (end: SlotEvent?, exit: ProcessExit?) {
        let (events, exit) = try words(of: &process, until: Self.isEnd)
        return (events.first(where: Self.isEnd), exit)
    }

    /// What the process says until it has said what is awaited, or has ended itself.
    private func words(
        of process: inout SlotProcess, until isAwaited: (SlotEvent) -> Bool
    ) throws -> (events: [SlotEvent], exit: ProcessExit?) {
        let deadline = ContinuousClock.now + .seconds(120)
        var heard: [SlotEvent] = []
        while ContinuousClock.now < deadline {
            process.flush()
            let (events, exit) = process.read()
            heard += events
            if events.contains(where: isAwaited) || exit != nil { return (heard, exit) }
            var awaited = [pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)]
            if let input = process.awaitedInput {
                awaited.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
            }
            poll(&awaited, nfds_t(awaited.count), 120_000)
        }
        Issue.record("the slot process says nothing")
        return (heard, nil)
    }

    private func result(of process: inout SlotProcess) throws -> Digest? {
        guard case .finished(let digest, _)? = try outcome(of: &process).end else { return nil }
        return digest
    }

    @Test("is sent a model's bundle once, and again after a failure")
    func bundleOnce() throws {
        var process = try SlotProcess(program: Self.program)
        defer { process.end() }
        process.run(grant(0), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        let first = try result(of: &process)
        #expect(first != nil)
        // Were it sent again, these bytes would be no bundle.
        process.run(grant(0), inputs: [[1, 2, 3]], state: nil, checkpointInterval: 1000)
        let second = try result(of: &process)
        #expect(second == first)
        var unknown = grant(1)
        unknown.payload = [1, 2, 3]
        process.run(unknown, inputs: [[1, 2, 3]], state: nil, checkpointInterval: 1000)
        guard case .failed? = try outcome(of: &process).end else {
            Issue.record("a task that cannot be read must fail")
            return
        }
        process.run(grant(0), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        let last = try result(of: &process)
        #expect(last == first)
    }

    @Test("fails a task that comes while another runs, and lives on")
    func secondTask() throws {
        var process = try SlotProcess(program: Self.program)
        defer { process.end() }
        process.run(grant(0), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        process.run(grant(1), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        guard case .failed(let text)? = try outcome(of: &process).end else {
            Issue.record("two tasks at once must fail")
            return
        }
        #expect(text.contains("while another ran"))
        process.run(grant(1), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        let digest = try result(of: &process)
        #expect(digest != nil)
    }

    @Test("holds nobody up while it stands still, and can be killed then")
    func stopped() throws {
        var process = try SlotProcess(program: Self.program)
        kill(process.processID, SIGSTOP)
        let large = [UInt8](repeating: 1, count: 1 << 20)
        process.run(grant(0), inputs: [large], state: nil, checkpointInterval: 1000)
        process.tell(.stop)
        process.flush()
        #expect(process.awaitedInput != nil)
        process.kill()
        let exit = try outcome(of: &process).exit
        #expect(exit?.signal == SIGKILL)
    }

    @Test("that leaves unread more than any task needs is ended")
    func overrun() throws {
        var process = try SlotProcess(program: Self.program)
        kill(process.processID, SIGSTOP)
        let large = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<2 { process.tell(.accepted, blobs: [large]) }
        let exit = try outcome(of: &process).exit
        #expect(exit?.signal == SIGKILL)
    }

    @Test(
        "leaves the signals by which engines end a job to its worker, and hands in what it has when that asks",
        arguments: [SIGTERM, SIGINT])
    func leavingSignal(signal: Int32) throws {
        var process = try SlotProcess(program: Self.program)
        process.run(
            grant(0, of: longSubmission), inputs: [longSubmission.bundle], state: nil, checkpointInterval: 1000)
        let start = try words(of: &process) { if case .progress = $0 { true } else { false } }
        try #require(start.exit == nil)

        // A signal that ends a process does so before the process reads another byte of its pipe.
        kill(process.processID, signal)
        process.tell(.stop)
        let (events, exit) = try words(of: &process, until: Self.isEnd)
        try #require(exit == nil, "\(String(describing: exit))")
        defer { process.end() }
        guard case .stopped? = events.last, case .checkpoint(let iteration, _, _, _, _)? = events.dropLast().last else {
            Issue.record("\(events.count) words, and no checkpoint before it leaves its task")
            return
        }
        #expect(iteration > 0)
        process.run(grant(0), inputs: [submission.bundle], state: nil, checkpointInterval: 1000)
        let digest = try result(of: &process)
        #expect(digest != nil, "it lives, and runs the next task")
    }
}
