import Coordination
import Glibc
import Wire

/// A slot's process as its agent sees it, through pipes that never hold the agent up.
package struct SlotProcess {
    /// Bytes taken from a slot's pipe before other things are looked at.
    private static let readByteCountMax = 8 << 20
    /// Beyond a task with its inputs, acknowledgements and a stop are all that a process can be behind with.
    private static let waitingByteCountMax = 1 << 20

    private let child: ChildProcess
    private var writer: PipeWriter
    private var buffer = SlotFrameBuffer()
    /// The model that the process has been sent last and holds, as long as its tasks do not fail.
    private var model: Digest?

    /// Starts a process. The parent-death signal follows the calling thread, which must live as long as the process.
    package init(program: String) throws(ChildProcessError) {
        child = try ChildProcess.start(path: program, arguments: ["slot", "--parent", String(getpid())], pipes: true)
        writer = PipeWriter(child.input, waitingByteCountMax: Self.waitingByteCountMax)
    }

    package var processID: pid_t { child.processID }

    /// Readable when the process has said something or has ended.
    package var output: Int32 { child.output }

    /// Writable when the process has room for what waits; nil when nothing does.
    package var awaitedInput: Int32? { writer.waitingByteCount > 0 ? writer.descriptor : nil }

    /// Tells the process, now or when its pipe has room. One that has died is noticed when its output ends; one that
    /// leaves unread more than any task needs is ended.
    package mutating func tell(_ command: SlotCommand, blobs: [[UInt8]] = []) {
        if !writer.write(SlotFrame.encode(command, blobs: blobs)) { kill() }
    }

    /// Hands a task to the process, with the bundle of its model, its first input, only where it does not hold that model.
    package mutating func run(_ grant: Grant, inputs: [[UInt8]], state: [UInt8]?, checkpointInterval: Double) {
        let name = grant.inputs.first
        let task = SlotTask(
            grant, model: name, bringsModel: name == nil || name != model, checkpointInterval: checkpointInterval)
        model = name
        tell(
            .run(task),
            blobs: (task.bringsModel ? inputs.prefix(1) : []) + inputs.dropFirst() + (state.map { [$0] } ?? []))
    }

    /// Writes what waits.
    package mutating func flush() {
        writer.flush()
    }

    package func kill() {
        child.signal(SIGKILL)
    }

    /// What has come from the process, in order.
    /// - Returns: `exit` is how it ended, when it has; then it is reaped and must not be used any more.
    package mutating func read() -> (events: [SlotEvent], exit: ProcessExit?) {
        let hasEnded = fillBuffer()
        var events: [SlotEvent] = []
        do {
            while let (report, blobs) = try buffer.next(SlotReport.self) {
                // Whatever ended the task may have come before its model was read.
                if case .failed = report { model = nil }
                events.append(try SlotEvent(report, blobs: blobs))
            }
        } catch {
            // Bytes that are no report: the process is not to be trusted any further.
            kill()
        }
        guard hasEnded else { return (events, nil) }
        let exit = child.waitForExit()
        child.closePipes()
        return (events, exit)
    }

    /// True when the process has closed its output.
    private mutating func fillBuffer() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while taken < Self.readByteCountMax {
            let count = Glibc.read(child.output, &bytes, bytes.count)
            if count > 0 {
                buffer.append(bytes[..<count])
                taken += count
            } else if count == 0 || errno != EINTR {
                return count == 0
            }
        }
        return false
    }

    /// Ends the process and waits until it is gone.
    package func end() {
        kill()
        _ = child.waitForExit()
        child.closePipes()
    }
}
