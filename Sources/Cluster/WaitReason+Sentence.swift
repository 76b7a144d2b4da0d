import Coordination

extension WaitReason {
    /// What a program may tell reasons apart by.
    package static let words = [
        "running", "assembling", "over", "paused", "held", "after", "no_worker", "other_kernels", "workers_leaving",
        "tags",
        "memory", "walltime", "suspended", "back_off", "cap", "priority", "share", "queue",
    ]

    /// One of `words`.
    package var word: String {
        switch self {
        case .running: "running"
        case .assembling: "assembling"
        case .over: "over"
        case .paused: "paused"
        case .held: "held"
        case .after: "after"
        case .noWorker: "no_worker"
        case .otherKernels: "other_kernels"
        case .workersLeaving: "workers_leaving"
        case .tags: "tags"
        case .memory, .moreMemory: "memory"
        case .walltime: "walltime"
        case .suspended: "suspended"
        case .backOff: "back_off"
        case .cap: "cap"
        case .priority: "priority"
        case .share: "share"
        case .queue: "queue"
        }
    }

    /// Why the job waits, in one sentence, with what would change it.
    package var sentence: String {
        switch self {
        case .running(let count): "It does not wait: \(Self.count(count, "task")) of it \(count == 1 ? "runs" : "run")."
        case .assembling: "It does not wait: all tasks are done, and the results are being put together."
        case .over(let state): "It does not wait: it has \(state == .cancelled ? "been cancelled" : state.rawValue)."
        case .paused: "It is paused. Mend: tutti resume."
        case .held(let job, let task, let text):
            "It is held: \(task) is quarantined, since it ended \(text). Mend: `tutti replay \(job.number) \(task) --state "
                + "FOLDER` on the coordinator's host shows what happens, `tutti resume \(job.number)` tries it again, and "
                + "`tutti cancel \(job.number)` gives it up."
        case .after(let job): "It follows job \(job.number), which has not succeeded yet."
        case .noWorker: "No worker is connected at all. Mend: start one, tutti worker --connect."
        case .otherKernels(let count):
            "No worker can run it: \(Self.count(count, "worker")) came whose program or machine computes other bits than "
                + "the coordinator's. Mend: install the coordinator's program there."
        case .workersLeaving: "Every worker is about to leave. Mend: start another."
        case .tags(let tags):
            "No worker has \(tags.count == 1 ? "the tag" : "the tags") \(tags.joined(separator: ", "))."
        case .memory(let needed, let most):
            "No slot has the \(MemorySize.words(Int(clamping: needed))) of memory that it needs"
                + (most > 0
                    ? "; the largest has \(MemorySize.words(Int(clamping: most)))."
                    : ": no worker says how much one has.")
                + " Mend: start a worker with a larger --memory-per-slot."
        case .moreMemory(let tooFew):
            "\(MemorySize.words(Int(clamping: tooFew))) of memory were too little for it twice, and no slot has more. "
                + "Mend: start a worker with a larger --memory-per-slot."
        case .walltime(let seconds):
            "No worker has time enough: each is ended by its host before a task would come to its first checkpoint, in "
                + "\(Self.seconds(seconds)) s and what leaving takes. Mend: start one with a longer --walltime."
        case .suspended(let seconds):
            "Tasks end badly on every worker that could run it; the first is given another in \(Self.seconds(seconds)) s."
        case .backOff(let seconds): "Its tasks ended badly; the next try comes in \(Self.seconds(seconds)) s."
        case .cap(let project, let slots):
            "Project '\(project)' holds the \(Self.count(slots, "slot")) that it may have."
        case .priority(let job): "All slots are taken, and job \(job.number) of a higher class comes first."
        case .share(let project):
            "All slots are taken, and project '\(project)', which has had less of its share, comes first."
        case .queue(let tasks):
            tasks == 0
                ? "All slots are taken; it is next."
                : "All slots are taken, and \(Self.count(tasks, "task")) came before it."
        }
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }

    private static func seconds(_ seconds: Double) -> String { String(Int(seconds.rounded(.up))) }
}
