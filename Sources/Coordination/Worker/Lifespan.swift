/// When a worker leaves of itself: in time before its host ends it, and after its lifetime, to be recycled.
struct Lifespan {
    /// What a task is thought to take, beyond the interval of checkpoints, to its first one where nothing is known of
    /// it: its model is read and its start searched.
    private static let startAllowance: Nanoseconds = 10_000_000_000
    /// The drain before the host's end takes at most one part in so many of a short walltime.
    private static let reserveShare: Nanoseconds = 4

    private let drainLimit: Nanoseconds
    private let walltimeEnd: Nanoseconds?
    private let lifetimeEnd: Nanoseconds?
    /// When the drain before the host's end begins.
    private let lastCall: Nanoseconds?
    private var slowestStart: Nanoseconds = 0

    /// - Parameter jitter: a fleet that was started at once does not leave at once, but between nine tenths of its
    ///   lifetime and all of it.
    init(_ settings: WorkerSettings, jitter: inout Jitter, at now: Nanoseconds) {
        drainLimit = settings.drainLimit
        walltimeEnd = settings.walltime.map { now + $0 }
        lastCall = settings.walltime.map { now + $0 - min(settings.drainLimit, $0 / Self.reserveShare) }
        lifetimeEnd = settings.lifetime.map { now + $0 - $0 / 5 + jitter($0 / 5) }
    }

    /// What is left for tasks until the worker leaves, before its host ends it; nil: that does not.
    func walltime(at now: Nanoseconds) -> Nanoseconds? { lastCall.map { $0 - min($0, now) } }

    /// A task has taken so long from its start to its first checkpoint.
    mutating func noteStart(_ duration: Nanoseconds) {
        slowestStart = max(slowestStart, duration)
    }

    /// How long a task takes from its start to its first checkpoint, where nothing is known of it.
    static func firstCheckpoint(interval: Nanoseconds) -> Nanoseconds { interval + startAllowance }

    /// From then on a task would not reach its first checkpoint before the drain begins.
    func acceptsUntil(checkpointInterval: Nanoseconds) -> Nanoseconds? {
        let start = max(slowestStart, Self.firstCheckpoint(interval: checkpointInterval))
        return lastCall.map { $0 - min($0, start) }
    }

    /// When the worker begins to leave, whatever it does.
    var end: Nanoseconds? { [lastCall, lifetimeEnd].compactMap { $0 }.min() }

    /// Why the worker leaves now; nil: it does not.
    func reasonToLeave(at now: Nanoseconds) -> String? {
        if let lastCall, now >= lastCall { return "the host's time is nearly over" }
        if let lifetimeEnd, now >= lifetimeEnd { return "its lifetime is over" }
        return nil
    }

    /// When a drain is given up.
    func drainEnd(startedAt: Nanoseconds) -> Nanoseconds {
        min(startedAt + drainLimit, walltimeEnd ?? .max)
    }
}
