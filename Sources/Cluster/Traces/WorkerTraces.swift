import Coordination
import Traces
import Tracing
import Wire

/// Spans of what a worker runs, each in the trace of its job, below the coordinator's span of the attempt.
struct WorkerTraces {
    private let tracer: any Tracer
    private let worker: String
    private var running: [SlotID: (attempt: AttemptID, span: any Span)] = [:]

    init(_ tracer: any Tracer, worker: String) {
        self.tracer = tracer
        self.worker = worker
    }

    /// Notes what slots begin and which are ended, before it is carried out.
    /// - Parameter ledger: names the ledger in which the coordinator counts jobs.
    mutating func note(_ effects: [WorkerEffect], ledger: UInt64) {
        for effect in effects {
            switch effect {
            case .run(let slot, let grant, _, _, _):
                begin(slot, grant, ledger: ledger)
            case .kill(let slot):
                guard let attempt = running[slot]?.attempt else { break }
                let reasons = effects.lazy.compactMap { effect -> String? in
                    if case .log(.ended(attempt, let text)) = effect { text } else { nil }
                }
                if let reason = reasons.first {
                    end(slot, .error(reason))
                } else {
                    leave(slot, outcome: "no longer wanted")
                }
            default: break
            }
        }
    }

    /// Notes what a slot says.
    mutating func note(_ event: SlotEvent, of slot: SlotID) {
        switch event {
        case .finished(_, let cost):
            running[slot]?.span.updateAttributes { $0.add(cost) }
            end(slot, .ok)
        case .stopped: leave(slot, outcome: "given back")
        case .failed(let text), .exited(let text, _): end(slot, .error(text))
        case .progress, .checkpoint, .memory: break
        }
    }

    /// The worker leaves, and its slots with it.
    mutating func endAll() {
        for slot in running.keys { end(slot, .error("the worker has left")) }
    }

    private mutating func begin(_ slot: SlotID, _ grant: Grant, ledger: UInt64) {
        let span: any Span = tracer.startSpan(
            "run", context: .beginning(in: SpanIdentity(grant.attempt, ledger: ledger)), ofKind: .server)
        span.attributes = SpanAttributes(grant.attempt, worker: worker, from: grant.start?.iteration ?? 0)
        running[slot] = (grant.attempt, span)
    }

    private mutating func leave(_ slot: SlotID, outcome: String) {
        running[slot]?.span.attributes["tutti.outcome"] = outcome
        end(slot, nil)
    }

    private mutating func end(_ slot: SlotID, _ status: SpanStatus?) {
        guard let (_, span) = running.removeValue(forKey: slot) else { return }
        if let status { span.setStatus(status) }
        span.end()
    }
}
