import Coordination
import Wire

/// Whoever submits a job: asks until it is answered.
struct Client {
    let specification: JobSpecification
    let bundle: Blob
    let tasks: [ToyTask]
    let references: [ToyTask.Reference]
    let paces: [Nanoseconds]
    let failures: [Int?]
    /// The draws of scouts, one after another, that each task which waits for them is to read.
    let scoutDraws: [UInt8]
    let enoughAt: Int
    var isDue = false
    var job: JobID?
    /// Asks for the end of the job until it is answered.
    var wantsCancel = false
    var hasAskedForCancel = false
    /// Faults by which it is paused now.
    var pauses = 0
    var wasPaused = false
    /// An operator is on the way to look at what is quarantined.
    var isAttended = false
    /// How often one has had it tried again.
    var releases = 0
    /// The class that an operator has moved it to.
    var priority: Int?
    var isOver: Bool { endedAt != nil }
    var endedAt: Nanoseconds?

    init(_ job: Scenario.Job, number: Int, kernels: Digest) {
        let bundle = ToyDigest.blob(Array("model of \(job.name)".utf8))
        self.bundle = bundle
        tasks = job.tasks.map {
            ToyTask(key: $0.key, iterations: $0.iterations, warmUp: $0.warmUp, stateByteCount: $0.stateByteCount)
        }
        let scouts = job.schedule?.scouts ?? 0..<0
        let draws = tasks[scouts].flatMap { $0.reference(reading: []).draws }
        scoutDraws = draws
        references = tasks.enumerated().map { index, task in
            task.reference(reading: job.schedule?.waiting.contains(index) == true ? draws : [])
        }
        enoughAt = job.enoughAt
        paces = job.tasks.map(\.pace)
        failures = job.tasks.map(\.failsAt)
        specification = JobSpecification(
            digest: ToyDigest.of(Array("\(job.name) \(number)".utf8)), name: job.name, priority: job.priority,
            project: number.isMultiple(of: 2) ? nil : "other", bundle: bundle.digest, submittedAt: 0, kernels: kernels,
            schedule: job.schedule,
            tasks: tasks.enumerated().map { index, task in
                TaskSpecification(
                    digest: task.digest, payload: task.payload, inputs: [bundle.digest],
                    label: "chain \(index + 1)", iterations: task.iterations)
            })
    }

    /// Requests are numbered so that an answer is known to be this client's.
    static func submission(_ client: Int) -> UInt64 { UInt64(client) * 2 + 1 }
    /// What is asked until it is so; its answers say nothing.
    static let change: UInt64 = 0
    static func cancellation(_ client: Int) -> UInt64 { UInt64(client) * 2 + 2 }
}
