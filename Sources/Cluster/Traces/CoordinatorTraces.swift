import Coordination
import Foundation
import Traces
import Tracing
import Wire

/// Spans of a coordinator's jobs, made of what its machine decides: a job from submission to end, in it each attempt of a
/// task from the decision to grant it until it is over, and the assembly of the results.
struct CoordinatorTraces {
    private let tracer: any Tracer
    private let ledger: UInt64
    /// Of what is not over: as many as jobs wait and tasks are granted.
    private var jobs: [JobID: any Span] = [:]
    private var attempts: [AttemptID: any Span] = [:]
    private var assemblies: [JobID: any Span] = [:]

    /// - Parameters:
    ///   - ledger: names the ledger in which jobs are counted.
    ///   - open: jobs that an earlier coordinator has left. Of their attempts nobody has written down when they began.
    init(_ tracer: any Tracer, ledger: UInt64, open: [JobSnapshot]) {
        self.tracer = tracer
        self.ledger = ledger
        for job in open where !job.state.isOver {
            var attributes = SpanAttributes(job.id)
            attributes["tutti.continued"] = true
            begin(
                job.id, name: job.name, project: job.project, fit: job.digest, taskCount: job.taskCount, attributes,
                at: .init(nanosecondsSinceEpoch: UInt64(max(0, job.submittedAt) * 1e9)))
            for (index, task) in job.tasks.enumerated() where task.state == .leased {
                guard let facts = task.attempts.last else { continue }
                let id = AttemptID(task: TaskID(job: job.id, index: UInt32(index)), epoch: facts.epoch)
                begin(id, worker: facts.worker)
                attempts[id]?.attributes["tutti.continued"] = true
            }
        }
    }

    /// What the machine wants done is how it tells what it has decided.
    mutating func note(_ effect: CoordinatorEffect) {
        switch effect {
        case .store(let entry, _, _): note(entry)
        case .assemble(let job): beginAssembly(of: job)
        case .log(.granted(let attempt, let label, _, let iteration)):
            attempts[attempt]?.updateAttributes {
                $0["tutti.task.label"] = label
                $0["tutti.from_iteration"] = Int64(iteration)
            }
        case .log(.jobEnded(let job, let state, let text)): end(job, state, text)
        default: break
        }
    }

    /// What became of an assembly.
    mutating func note(_ outcome: AssemblyOutcome) {
        switch outcome {
        case .finished(let job, let succeeded, let text):
            endAssembly(of: job, succeeded ? .ok : .error(text))
        case .drawsLost(let tasks):
            for job in Set(tasks.map(\.job)) { endAssembly(of: job, .error("stored draws cannot be read")) }
        case .judged, .notJudged: break
        }
    }

    private mutating func note(_ entry: LedgerEntry) {
        switch entry {
        case .submitted(let job, let specification):
            begin(
                job, name: specification.name, project: specification.project ?? Project.fallback,
                fit: specification.digest, taskCount: specification.tasks.count, SpanAttributes(job),
                at: DefaultTracerClock.now)
        case .granted(let attempt, let worker):
            begin(attempt, worker: worker)
        case .done(let attempt, _, let cost):
            attempts[attempt]?.updateAttributes { $0.add(cost) }
            end(attempt, .ok)
        case .ended(let attempt, let outcome, let iteration, let blame):
            attempts[attempt]?.updateAttributes {
                $0["tutti.outcome"] = outcome
                $0["tutti.last_iteration"] = Int64(iteration)
            }
            // A worker that leaves in good order has done nothing wrong.
            end(attempt, blame == .nobody ? nil : .error(outcome))
        case .drawsLost(let task):
            jobs[task.job]?.addEvent(
                SpanEvent(name: "draws lost", attributes: ["tutti.task": .int64(Int64(task.index))]))
        case .quarantined(let task, let text):
            jobs[task.job]?.addEvent(
                SpanEvent(
                    name: "task quarantined",
                    attributes: ["tutti.task": .int64(Int64(task.index)), "tutti.outcome": .string(text)]))
        default: break
        }
    }

    private mutating func begin(
        _ job: JobID, name: String, project: String, fit: Digest, taskCount: Int, _ attributes: SpanAttributes,
        at start: DefaultTracerClock.Timestamp
    ) {
        let span: any Span = tracer.startSpan(
            "job", context: .beginning(SpanIdentity(job, ledger: ledger)), at: start)
        var attributes = attributes
        attributes["tutti.job.name"] = name
        attributes["tutti.project"] = project
        attributes["tutti.fit"] = "\(fit)"
        attributes["tutti.tasks"] = Int64(taskCount)
        span.attributes = attributes
        jobs[job] = span
    }

    private mutating func end(_ job: JobID, _ state: JobState, _ text: String) {
        for attempt in attempts.keys where attempt.task.job == job {
            attempts[attempt]?.attributes["tutti.outcome"] = "no longer wanted"
            end(attempt, nil)
        }
        endAssembly(of: job, nil)
        guard let span = jobs.removeValue(forKey: job) else { return }
        span.attributes["tutti.job.state"] = state.rawValue
        switch state {
        case .succeeded: span.setStatus(.ok)
        case .failed: span.setStatus(.error(text))
        default: break
        }
        span.end()
    }

    private mutating func begin(_ attempt: AttemptID, worker: String) {
        let span: any Span = tracer.startSpan(
            "attempt",
            context: .beginning(
                SpanIdentity(attempt, ledger: ledger), in: SpanIdentity(attempt.task.job, ledger: ledger)),
            ofKind: .client)
        span.attributes = SpanAttributes(attempt, worker: worker, from: nil)
        attempts[attempt] = span
    }

    private mutating func end(_ attempt: AttemptID, _ status: SpanStatus?) {
        guard let span = attempts.removeValue(forKey: attempt) else { return }
        if let status { span.setStatus(status) }
        span.end()
    }

    private mutating func beginAssembly(of job: JobID) {
        let span: any Span = tracer.startSpan(
            "assembly", context: .beginning(in: SpanIdentity(job, ledger: ledger)))
        span.attributes = SpanAttributes(job)
        assemblies[job] = span
    }

    private mutating func endAssembly(of job: JobID, _ status: SpanStatus?) {
        guard let span = assemblies.removeValue(forKey: job) else { return }
        if let status { span.setStatus(status) }
        span.end()
    }
}
