import Foundation
import Glibc
import Synchronization

/// A file of traces that cannot be written.
package struct TraceFileError: Error, CustomStringConvertible {
    package let description: String

    init(path: String, reason: String) {
        description = """
            the file of traces '\(path)' cannot be written: \(reason). Mend: name a file in a folder that this user may \
            write with --traces, or leave it out.
            """
    }
}

/// Appends spans to a file on a thread of its own: whoever ends a span waits for nothing.
///
/// Spans are for those who look on. Where the writer lags behind, or the disk takes nothing, they are dropped and counted;
/// memory is bounded, and nothing else is held up.
final class TraceFile: Sendable {
    /// Spans that may wait: some megabytes.
    static let waitingCountMax = 8192
    /// The collector reads lines of up to a mebibyte: so many spans with the longest texts that workers may send.
    static let lineCountMax = 100
    /// Seconds in which spans gather, so that lines are few.
    private static let pause = 0.1
    /// Seconds for which the end waits for the disk.
    private static let stopLimit = 5.0

    private struct Queue {
        var spans: [FinishedSpan] = []
        var isStopping = false
        /// Somebody was told of trouble.
        var hasComplained = false
    }

    private let descriptor: Int32
    private let content: TraceLine
    private let path: String
    private let onTrouble: @Sendable (String) -> Void
    private let onDrop: @Sendable (Int) -> Void
    private let queue = Mutex(Queue())
    private let arrived = DispatchSemaphore(value: 0)
    private let stopping = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    init(
        path: String, content: TraceLine, onTrouble: @escaping @Sendable (String) -> Void,
        onDrop: @escaping @Sendable (Int) -> Void
    ) throws(TraceFileError) {
        // Not to wait for a reader, where it is a pipe.
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw TraceFileError(path: path, reason: String(cString: strerror(errno))) }
        self.path = path
        self.content = content
        self.onTrouble = onTrouble
        self.onDrop = onDrop
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TraceFileError(path: path, reason: "it is no regular file")
        }
        var last: UInt8 = 0
        // An earlier process that was killed may have left half a line.
        let isMidLine =
            status.st_size > 0 && pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
        let thread = Thread { [self] in
            run(isMidLine: isMidLine)
            ended.signal()
        }
        thread.name = "traces"
        // Signals are for the threads that wait for them: a new thread takes over what this one holds back.
        var (all, own) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &own)
        thread.start()
        pthread_sigmask(SIG_SETMASK, &own, nil)
    }

    deinit { close(descriptor) }

    func append(_ span: FinishedSpan) {
        let (isFirst, isLost, isStopping) = queue.withLock { queue in
            let isLost = queue.isStopping || queue.spans.count >= Self.waitingCountMax
            if !isLost { queue.spans.append(span) }
            return (!isLost && queue.spans.count == 1, isLost, queue.isStopping)
        }
        if isFirst { arrived.signal() }
        guard isLost else { return }
        onDrop(1)
        if !isStopping { complain("traces are written too slowly: some are dropped") }
    }

    func stop() {
        queue.withLock { $0.isStopping = true }
        stopping.signal()
        arrived.signal()
        _ = ended.wait(timeout: .now() + Self.stopLimit)
    }

    private func complain(_ text: String) {
        let isNew = queue.withLock { queue in
            defer { queue.hasComplained = true }
            return !queue.hasComplained
        }
        if isNew { onTrouble("\(text) (\(path)); this is said once") }
    }

    private func run(isMidLine: Bool) {
        var isMidLine = isMidLine
        while true {
            arrived.wait()
            if stopping.wait(timeout: .now() + Self.pause) == .success { stopping.signal() }
            let (spans, isStopping) = queue.withLock { queue in
                defer { queue.spans = [] }
                return (queue.spans, queue.isStopping)
            }
            for start in stride(from: 0, to: spans.count, by: Self.lineCountMax) {
                let portion = Array(spans[start..<min(start + Self.lineCountMax, spans.count)])
                let line = (isMidLine ? "\n" : "") + content.text(portion) + "\n"
                let (written, code) = write(Array(line.utf8))
                if written > 0 { isMidLine = code != nil }
                if let code {
                    onDrop(portion.count)
                    complain("traces cannot be written and are dropped: \(String(cString: strerror(code)))")
                }
            }
            if isStopping { return }
        }
    }

    /// Returns how many bytes were written, and what has kept the rest from it.
    private func write(_ bytes: [UInt8]) -> (count: Int, code: Int32?) {
        var count = 0
        while count < bytes.count {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + count, $0.count - count) }
            if written < 0 {
                if errno == EINTR { continue }
                return (count, errno)
            }
            count += written
        }
        return (count, nil)
    }
}
