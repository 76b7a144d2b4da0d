import Cluster
import Coordination
import HummingbirdCore
import NIOCore

/// The cluster as a whole, and this document.
extension API {
    var clusterOperations: [Operation] {
        [
            Operation(
                name: "listWorkers", path: "/v1/workers", summary: "List the workers that are connected",
                answers: [
                    Operation.Answer(
                        status: 200, text: "The workers.",
                        content: ["application/json": Schemas.reference("WorkerList")])
                ], handler: { _ in try json(WorkerList(service.workers)) }),
            Operation(
                name: "getQueue", path: "/v1/queue", summary: "Count jobs and tasks by state",
                text: "Of the token's project; of all projects for an operator.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "The counts.", content: ["application/json": Schemas.reference("Queue")])
                ],
                handler: { call in
                    let jobs = service.jobs.filter { call.caller.sees(project: Project.of($0)) }
                    return try json(QueueReply(jobs: jobs, workers: service.workers))
                }),
            Operation(
                name: "getCaller", path: "/v1/caller", summary: "Say who asks",
                text: "The token's name, role and project; without tokens an operator of the default project.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "Who asks.", content: ["application/json": Schemas.reference("Caller")])
                ],
                handler: { call in
                    try json(
                        CallerReply(
                            name: call.caller.token?.name, role: call.caller.role.rawValue,
                            project: call.caller.project))
                }),
            Operation(
                name: "getDocument", path: "/v1/openapi.json", summary: "Get this document",
                answers: [
                    Operation.Answer(
                        status: 200, text: "An OpenAPI 3.1 document.", content: ["application/json": ["type": "object"]]
                    )
                ],
                handler: { _ in
                    Response(
                        status: .ok, headers: [.contentType: "application/json"],
                        body: .init(byteBuffer: ByteBuffer(bytes: try document())))
                }),
        ]
    }
}

/// `GET /v1/queue`.
struct QueueReply: Encodable {
    static let jobStates = ["queued", "running", "paused", "held", "assembling", "succeeded", "failed", "cancelled"]

    var jobs: [String: Int]
    var tasks: JobSummary.TaskCounts
    var workers: Int
    var slots: Int
    var busySlots: Int

    enum CodingKeys: String, CodingKey {
        case jobs, tasks, workers, slots
        case busySlots = "busy_slots"
    }

    init(jobs: [JobSnapshot], workers: [JobBoard.Worker]) {
        self.jobs = Dictionary(uniqueKeysWithValues: Self.jobStates.map { ($0, 0) })
        for job in jobs { self.jobs[job.state.rawValue, default: 0] += 1 }
        tasks = JobSummary.TaskCounts(jobs.lazy.flatMap { $0.tasks.map(\.state) })
        self.workers = workers.count
        slots = workers.reduce(0) { $0 + $1.slots }
        busySlots = workers.reduce(0) { $0 + $1.attempts }
    }
}
