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
                ], handler: { call in try json(workers(call.caller)) }),
            Operation(
                name: "getQueue", path: "/v1/queue", summary: "Count jobs and tasks by state",
                text: "Of the token's project; of all projects for an operator.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "The counts.", content: ["application/json": Schemas.reference("Queue")])
                ],
                handler: { call in
                    let content = service.content
                    return try json(
                        QueueReply(jobs: content.jobs.filter(call.caller.sees), workers: content.workers))
                }),
            Operation(
                name: "getOverview", path: "/v1/overview", summary: "Get the cluster as it is, in one answer",
                text: "What runs, what waits and why, workers, and what has happened lately: as much as fits a page.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "The overview.",
                        content: ["application/json": Schemas.reference("Overview")])
                ], handler: { call in try json(await overview(call.caller)) }),
            Operation(
                name: "listEvents", path: "/v1/events", summary: "List what has happened since the coordinator's start",
                text: "The newest first; of other projects' jobs nothing.",
                query: [
                    .init(name: "limit", values: .whole(1...EventLog.countMax), text: "Events; 100 where it is absent.")
                ],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The events.",
                        content: ["application/json": Schemas.reference("EventList")])
                ],
                handler: { call in
                    try json(EventList(events: Array(events(call.caller).prefix(call.whole("limit") ?? 100))))
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

    /// The workers, with what they run of the jobs that the caller sees.
    func workers(_ caller: Caller) -> WorkerList { WorkerList(service.content, sees: caller.sees) }

    /// What has happened, without what is about jobs that the caller does not see; the newest first.
    func events(_ caller: Caller) -> [EventLine] {
        let lines = service.events.lines
        guard caller.role != .operator else { return lines }
        let seen = Set(service.jobs.lazy.filter(caller.sees).map { String($0.id.number) })
        return lines.filter { $0.job.map(seen.contains) ?? true }
    }

    func overview(_ caller: Caller) async -> ClusterOverview {
        let content = service.content
        let jobs = content.jobs.filter(caller.sees)
        return ClusterOverview(
            jobs: jobs, content: content, isReady: service.isReady, isPinned: { service.isPinned($0.id) },
            reasons: await reasons(of: ClusterOverview.waiting(jobs).prefix(ClusterOverview.jobsMax)),
            events: events(caller), sees: caller.sees)
    }

    /// Why jobs wait, by their numbers; without those of which it cannot be said now.
    func reasons(of jobs: some Sequence<JobSnapshot>) async -> [UInt64: WaitReason] {
        await withTaskGroup(of: (UInt64, WaitReason?).self) { group in
            for job in jobs { group.addTask { (job.id.number, try? await service.reason(of: job.id)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// A job as whoever watches it wants to see it.
    func live(_ job: JobSnapshot) -> JobLive {
        JobLive(
            job, isPinned: service.isPinned(job.id), content: service.content, figures: service.forming(job))
    }
}
