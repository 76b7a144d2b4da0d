import Storage
import Traces
import Wire

/// Names of spans that follow from what coordinator and workers both know, so that what they write joins in one trace
/// without a word between them.
extension SpanIdentity {
    /// The span of a job, in a trace of its own.
    /// - Parameter ledger: names the ledger in which the job is counted.
    package init(_ job: JobID, ledger: UInt64) {
        let words = Self.words("tutti trace of a job", [ledger, job.number])
        self.init(trace: TraceID(high: words[0], low: words[1]), span: SpanID(words[2]))
    }

    /// The coordinator's span of an attempt, in the trace of its job.
    package init(_ attempt: AttemptID, ledger: UInt64) {
        let numbers = [ledger, attempt.task.job.number, UInt64(attempt.task.index), attempt.epoch]
        let words = Self.words("tutti span of an attempt", numbers)
        self.init(trace: SpanIdentity(attempt.task.job, ledger: ledger).trace, span: SpanID(words[0]))
    }

    /// Words of a SHA-256, the same on every machine.
    private static func words(_ label: String, _ numbers: [UInt64]) -> [UInt64] {
        let bytes = numbers.flatMap { number in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
        }
        let digest = Digest(hashing: Array(label.utf8) + bytes).bytes
        return stride(from: 0, to: digest.count, by: 8).map { start in
            digest[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
