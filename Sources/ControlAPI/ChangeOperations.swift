import Cluster
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOFoundationEssentialsCompat

/// Changing what becomes of jobs that there are.
extension API {
    var changeOperations: [Operation] {
        [
            Operation(
                name: "cancelJob", method: .post, path: "/v1/jobs/{job}/cancel", summary: "Cancel a job",
                text: "Cancelling it again changes nothing.", role: .submitter, pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The job, which is cancelled.",
                        content: ["application/json": Schemas.reference("JobSummary")]),
                    Self.noJob, .problem(409, "It is over already, and was not cancelled."), Self.busy,
                ], handler: cancel),
            changing(
                "pauseJob", "pause", "Pause a job",
                "What runs gives way at its next checkpoint, and nothing more is begun. Pausing it again changes nothing."
            ) { _, _ in .pause },
            changing(
                "resumeJob", "resume", "Resume a job that is paused or held",
                "What is quarantined is tried again. Resuming it again changes nothing."
            ) { _, _ in .resume },
            changing(
                "prioritiseJob", "priority", "Move a job to another class",
                "Jobs of a higher class go first, and what runs in a lower one gives way at its next checkpoint. "
                    + "`high` and `urgent` are for operators.",
                body: Operation.Body(content: ["application/json": Schemas.reference("Priority")])
            ) { call, caller in
                let body: ByteBuffer
                do {
                    body = try await call.request.body.collect(upTo: 4096)
                } catch {
                    throw Problem(.contentTooLarge, "the body has at most 4096 bytes")
                }
                let asked = try decode(PriorityRequest.self, from: Data(buffer: body), place: "the body")
                return .prioritise(try priority(named: asked.priority, for: caller))
            },
            pinning(
                "pinJob", "pin", "Keep a job's results",
                "They stay whatever the rule of retention says. Pinning it again changes nothing.", true),
            pinning(
                "unpinJob", "unpin", "Leave a job's results to the rule of retention",
                "Doing so again changes nothing.", false),
        ]
    }

    private func cancel(_ call: Call) async throws -> Response {
        let job = try job(call)
        if job.state != .cancelled, let text = try await service.cancel(job.id) {
            // Whoever was first with a cancellation, it is what was asked for.
            guard service.job(job.id)?.state == .cancelled else { throw Problem(.conflict, text) }
        }
        return try json(self.summary(service.job(job.id) ?? job))
    }

    /// An operation that changes a job which is not over.
    private func changing(
        _ name: String, _ word: String, _ summary: String, _ text: String, body: Operation.Body? = nil,
        _ change: @escaping @Sendable (Call, Caller) async throws -> JobChange
    ) -> Operation {
        var answers = [
            Operation.Answer(
                status: 200, text: "The job.", content: ["application/json": Schemas.reference("JobSummary")]),
            Self.noJob, .problem(409, "It is over already."), Self.busy,
        ]
        if body != nil { answers.append(.problem(422, "There is no such class.")) }
        return Operation(
            name: name, method: .post, path: "/v1/jobs/{job}/\(word)", summary: summary, text: text, role: .submitter,
            pathParameters: [Self.jobParameter], body: body, answers: answers,
            handler: { call in
                let job = try job(call)
                if let problem = try await service.change(job.id, try await change(call, call.caller)) {
                    throw Problem(.conflict, problem)
                }
                return try json(self.summary(service.job(job.id) ?? job))
            })
    }

    /// An operation on how long a job's results are kept.
    private func pinning(_ name: String, _ word: String, _ summary: String, _ text: String, _ isPinned: Bool)
        -> Operation
    {
        Operation(
            name: name, method: .post, path: "/v1/jobs/{job}/\(word)", summary: summary, text: text, role: .submitter,
            pathParameters: [Self.jobParameter],
            answers: [
                Operation.Answer(
                    status: 200, text: "The job.", content: ["application/json": Schemas.reference("JobSummary")]),
                Self.noJob, .problem(409, "Its results are gone already."), Self.busy,
            ],
            handler: { call in
                let job = try job(call)
                guard try service.pin(job.id, isPinned) else {
                    // The ledger knows it a moment later than the list of jobs does.
                    guard job.state.isOver else {
                        throw Problem(
                            .serviceUnavailable, "the job is being stored; ask again in a moment",
                            headers: [.retryAfter: "1"])
                    }
                    throw Problem(
                        .conflict,
                        "the rule of retention has removed the results of job \(job.id.number). Mend: submit it again.")
                }
                return try json(self.summary(job))
            })
    }

    /// What the caller may ask for.
    func priority(named name: String, for caller: Caller) throws -> Int {
        let priority: Int
        do {
            priority = try QueueRequest.priority(named: name)
        } catch {
            throw Problem(.unprocessableContent, error.description)
        }
        guard priority <= PriorityClass.normal.rawValue || caller.role == .operator else {
            throw Problem(.forbidden, "the priorities high and urgent are for operators")
        }
        return priority
    }
}
