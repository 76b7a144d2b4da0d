import Cluster
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOFoundationEssentialsCompat

/// Submitting, finding and following jobs.
extension API {
    private static let jobsPerPage = 1...JobPage.countMax
    static let jobsPerPageUnasked = 50
    private static let states = QueueReply.jobStates

    static let jobParameter = Operation.Parameter(name: "job", values: .job, text: "The job's number.")
    static let noJob = Operation.Answer.problem(404, "There is no such job in the token's project.")
    static let busy = Operation.Answer.problem(
        503, "The coordinator cannot do it now: its disk is full, or it is stopping.",
        headers: ["Retry-After": "Seconds after which to ask again."])

    var jobOperations: [Operation] {
        [
            Operation(
                name: "submitJob", method: .post, path: "/v1/jobs", summary: "Submit a fit",
                text: """
                    As JSON, or as a form with the files as they are. The same content submitted twice is the same job, \
                    unless that has failed or was cancelled.
                    """,
                role: .submitter,
                body: Operation.Body(
                    content: [
                        "application/json": Schemas.reference("Submission"),
                        "multipart/form-data": Schemas.reference("SubmissionForm"),
                    ],
                    encodings: [
                        "multipart/form-data": [
                            "model": ["contentType": "application/yaml"],
                            "settings": ["contentType": "application/json"],
                            "queue": ["contentType": "application/json"],
                            "data": ["contentType": "application/octet-stream"],
                        ]
                    ]),
                answers: [
                    Operation.Answer(
                        status: 201, text: "A new job.",
                        content: ["application/json": Schemas.reference("JobReference")],
                        headers: ["Location": "Where the job is."]),
                    Operation.Answer(
                        status: 200, text: "A job that there was.",
                        content: ["application/json": Schemas.reference("JobReference")],
                        headers: ["Location": "Where the job is."]),
                    .problem(
                        422,
                        "The model or the settings cannot be used, every reason with its mend, a line each; or the project "
                            + "has as many tasks or bytes as it may."),
                    Self.busy,
                ], handler: submit),
            Operation(
                name: "listJobs", path: "/v1/jobs", summary: "List jobs",
                text: "The newest first, without their tasks, a page at a time.",
                query: [
                    .init(
                        name: "limit", values: .whole(Self.jobsPerPage),
                        text: "Jobs on a page; \(Self.jobsPerPageUnasked) where it is absent."),
                    .init(name: "after", values: .job, text: "The `next` of the page before."),
                    .init(name: "state", values: .choice(Self.states), text: "Only jobs in this state."),
                    .init(name: "portfolio", values: .text, text: "Only jobs that were submitted under this name."),
                ],
                answers: [
                    Operation.Answer(
                        status: 200, text: "A page of jobs.",
                        content: ["application/json": Schemas.reference("JobPage")])
                ], handler: list),
            Operation(
                name: "getJob", path: "/v1/jobs/{job}", summary: "Get a job with its tasks",
                pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The job.", content: ["application/json": Schemas.reference("JobDetail")]),
                    Self.noJob,
                ], handler: { try json(detail(job($0))) }),
            Operation(
                name: "getLiveJob", path: "/v1/jobs/{job}/live", summary: "Get a job as it is to be watched",
                text: """
                    Its chains with their paces, other tasks by kind, the time that is left, and, while it runs, what the \
                    draws that have come so far say: these are looked at when somebody asks, every few seconds at the \
                    most, so the first answer may be without them.
                    """,
                pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The job.", content: ["application/json": Schemas.reference("JobLive")]),
                    Self.noJob,
                ], handler: { try json(live(job($0))) }),
            Operation(
                name: "watchJob", path: "/v1/jobs/{job}/events", summary: "Follow a job",
                text: """
                    Server-sent events: `progress` with the job whenever something about it has changed, at most a few \
                    times a second, and `over` with it once when it is over, which ends the stream. What comes is the job \
                    as it is, so a stream that broke off is begun again without loss. A comment every ten seconds shows \
                    that the coordinator is there.
                    """,
                pathParameters: [Self.jobParameter],
                query: [
                    .init(
                        name: "tasks", values: .choice(["true", "false"]),
                        text: "Whether events have the job's tasks; false where it is absent.")
                ],
                answers: [
                    Operation.Answer(
                        status: 200,
                        text: "Events, each of the shape that is given here.",
                        content: ["text/event-stream": Schemas.reference("Event")]),
                    Self.noJob,
                ], handler: watch),
            Operation(
                name: "explainJob", path: "/v1/jobs/{job}/why", summary: "Say why a job waits",
                text: "Or that it does not.", pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The reason.",
                        content: ["application/json": Schemas.reference("Wait")]),
                    Self.noJob, Self.busy,
                ],
                handler: { call in
                    let job = try job(call)
                    guard let reason = try await service.reason(of: job.id) else {
                        throw Problem.notFound("there is no job '\(job.id.number)'")
                    }
                    return try json(WaitReply(job: job.id, reason))
                }),
        ]
    }

    /// The job of a call's path.
    /// - Throws: `Problem` where there is none; `ForeignJob` where it is another project's.
    func job(_ call: Call) throws -> JobSnapshot {
        let number = call.path["job"] ?? ""
        let problem = Problem.notFound("there is no job '\(number)'")
        guard let job = service.jobs.first(where: { String($0.id.number) == number }) else { throw problem }
        guard call.caller.sees(project: Project.of(job)) else { throw ForeignJob(problem: problem) }
        return job
    }

    private func submit(_ call: Call) async throws -> Response {
        let declared = call.request.headers[.contentLength].flatMap { Int($0) }
        let reader = try SubmissionReader(contentType: call.request.headers[.contentType])
        guard declared ?? 0 <= Self.bodyByteCountMax else { throw SubmissionReader.tooLarge(Self.bodyByteCountMax) }
        // Of a submission that does not say how long it is.
        let byteCount = declared ?? Self.bodyByteCountMax / 8
        let response = try await bodies.with(byteCount) {
            let buffer: ByteBuffer
            do {
                buffer = try await call.request.body.collect(upTo: byteCount)
            } catch {
                throw SubmissionReader.tooLarge(byteCount)
            }
            return try await submit(reader.read(Data(buffer: buffer)), caller: call.caller)
        }
        guard let response else {
            throw Problem(
                .serviceUnavailable, "other submissions are being read; ask again in a moment",
                headers: [.retryAfter: "1"])
        }
        return response
    }

    private func submit(_ submission: SubmissionRequest, caller: Caller) async throws -> Response {
        do {
            let fit = try FitSubmission.checked(submission, project: caller.project).get()
            let wishes = try submission.queue?.wishes() ?? QueueWishes()
            if let priority = submission.queue?.priority { _ = try self.priority(named: priority, for: caller) }
            for other in wishes.after ?? []
            where service.job(other).map({ caller.sees(project: Project.of($0)) }) != true {
                throw Problem(
                    .unprocessableContent, "job \(other.number), which it is to follow, does not exist")
            }
            let receipt = try await service.submit(fit, again: submission.again ?? false, wishes: wishes)
            let id = String(receipt.job.number)
            return try json(
                JobReference(id: id, existed: receipt.existed), status: receipt.existed ? .ok : .created,
                headers: [.location: "/v1/jobs/\(id)"])
        } catch let refusal as SubmissionRefusal {
            throw Problem(.unprocessableContent, refusal.description)
        }
    }

    private func list(_ call: Call) throws -> Response {
        let limit = call.whole("limit") ?? Self.jobsPerPageUnasked
        let after = call.query["after"].flatMap { UInt64($0) } ?? .max
        let (state, portfolio) = (call.query["state"], call.query["portfolio"])
        let jobs = service.jobs.lazy.filter { job in
            job.id.number < after && (state == nil || job.state.rawValue == state)
                && (portfolio == nil || job.portfolio?.name == portfolio)
                && call.caller.sees(project: Project.of(job))
        }.sorted { $0.id.number > $1.id.number }
        let page = jobs.prefix(limit)
        return try json(
            JobPage(
                jobs: page.map(summary),
                next: page.count < jobs.count ? page.last.map { String($0.id.number) } : nil))
    }

    private func watch(_ call: Call) throws -> Response {
        let job = try job(call)
        let stream = EventStream(
            api: self, job: job.id.number, caller: call.caller, hasTasks: call.query["tasks"] == "true")
        return stream.response
    }
}
