import Coordination

/// A job that waits, and why.
package struct WaitingJob: Codable, Sendable, Hashable {
    package var job: JobSummary
    /// A word for programs; nil where it was not asked.
    package var reason: String?
    /// For people: why the job waits, and what would change it.
    package var sentence: String

    package init(_ job: JobSummary, _ reason: WaitReason?) {
        self.job = job
        self.reason = reason?.word
        sentence = reason?.sentence ?? job.text
    }
}

/// `GET /v1/overview`: the cluster as it is, in one answer, as much as fits a page.
package struct ClusterOverview: Codable, Sendable, Hashable {
    /// Of the coordinator.
    package var version: String
    /// Whether work can be stored.
    package var isReady: Bool
    package var queue: QueueReply
    /// Jobs that run, are held or are being put together, the oldest first.
    package var running: [JobLive]
    /// Jobs that wait, in the order of their projects, then the oldest first.
    package var waiting: [WaitingJob]
    /// The jobs that are over, the newest first.
    package var finished: [JobSummary]
    package var workers: [WorkerList.Worker]
    /// The newest first.
    package var events: [EventLine]

    /// Jobs that are shown of each kind.
    package static let jobsMax = 20
    private static let eventsMax = 20

    enum CodingKeys: String, CodingKey {
        case version, queue, running, waiting, finished, workers, events
        case isReady = "ready"
    }

    /// Whether a job is shown among those that run.
    package static func isRunning(_ job: JobSnapshot) -> Bool {
        job.state == .running || job.state == .held || job.state == .assembling
    }

    /// Whether a job is shown among those that wait.
    package static func isWaiting(_ job: JobSnapshot) -> Bool { job.state == .queued || job.state == .paused }

    /// - Parameters:
    ///   - jobs: those that whoever asks may see.
    ///   - reasons: why the first of those that wait do, by their numbers.
    package init(
        jobs: [JobSnapshot], content: JobBoard.Content, isReady: Bool, isPinned: (JobSnapshot) -> Bool,
        reasons: [UInt64: WaitReason], events: [EventLine], sees: (JobSnapshot) -> Bool
    ) {
        func summary(_ job: JobSnapshot) -> JobSummary { JobSummary(job, isPinned: isPinned(job)) }
        version = Build.version
        self.isReady = isReady
        queue = QueueReply(jobs: jobs, workers: content.workers)
        running = jobs.filter(Self.isRunning).prefix(Self.jobsMax).map {
            JobLive($0, isPinned: isPinned($0), content: content, figures: nil)
        }
        waiting = Self.waiting(jobs).prefix(Self.jobsMax).map { WaitingJob(summary($0), reasons[$0.id.number]) }
        finished = jobs.reversed().lazy.filter(\.state.isOver).prefix(Self.jobsMax / 2).map(summary)
        workers = WorkerList(content, sees: sees).workers
        self.events = Array(events.prefix(Self.eventsMax))
    }

    /// Those of them that wait, in the order in which they are shown.
    package static func waiting(_ jobs: [JobSnapshot]) -> [JobSnapshot] {
        jobs.filter(isWaiting).sorted {
            ($0.project, -$0.priority, $0.id.number) < ($1.project, -$1.priority, $1.id.number)
        }
    }
}
