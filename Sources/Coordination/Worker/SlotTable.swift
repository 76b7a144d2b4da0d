import Wire

/// What each slot of a worker does, and what waits for one.
package struct SlotTable {
    private enum Slot {
        case idle
        /// Waits for blobs.
        case fetching(Grant)
        case running(Grant, AttemptProgress, ProgressWatch)
        /// Its process is being ended and what it ran is dropped; `next` takes its place then.
        case ending(next: Grant?)
    }

    private var slots: [Slot]
    /// Grants that came ahead of a free slot, in the order in which they came.
    private var queue: [Grant] = []
    private let queueMax: Int

    package init(count: Int) {
        slots = Array(repeating: .idle, count: count)
        queueMax = Prefetch.roomMax(slots: count)
    }

    /// Grants that it holds in all.
    package var capacity: Int { slots.count + queueMax }

    /// True while there is no attempt.
    package var isIdle: Bool {
        queue.isEmpty
            && slots.allSatisfy {
                switch $0 {
                case .idle, .ending(next: nil): true
                case .fetching, .running, .ending: false
                }
            }
    }

    /// What the slots run or wait to run, with what is known of it.
    package var progress: [AttemptProgress] {
        slots.compactMap {
            switch $0 {
            case .running(_, let progress, _): progress
            case .fetching(let grant), .ending(next: let grant?): Self.start(of: grant)
            case .idle, .ending(next: nil): nil
            }
        } + queue.map(Self.start)
    }

    package var attempts: [AttemptID] { progress.map(\.attempt) }

    package func contains(_ attempt: AttemptID) -> Bool {
        slots.contains {
            switch $0 {
            case .running(let grant, _, _), .fetching(let grant), .ending(next: let grant?): grant.attempt == attempt
            case .idle, .ending(next: nil): false
            }
        } || queue.contains { $0.attempt == attempt }
    }

    /// Blobs that waiting slots need, in the order of the slots; then those of what comes to a slot next. The first input
    /// is model and data, which serve others too.
    package var neededBlobs: [NeededBlob] {
        (waiting.map(\.grant) + queue.prefix(1)).flatMap { grant in
            grant.inputs.enumerated().map { NeededBlob($1, isShared: $0 == 0) }
                + (grant.start.map { [NeededBlob($0.state, isShared: false)] } ?? [])
        }
    }

    /// Slots that wait for blobs.
    package var waiting: [(slot: SlotID, grant: Grant)] {
        slots.indices.compactMap { index in
            if case .fetching(let grant) = slots[index] { (index, grant) } else { nil }
        }
    }

    /// The attempt that the slot runs, with what is known of it; nil when it runs none.
    package func running(_ slot: SlotID) -> AttemptProgress? {
        if case .running(_, let progress, _) = slots[slot] { progress } else { nil }
    }

    package func slot(running attempt: AttemptID) -> SlotID? {
        slots.indices.first { running($0)?.attempt == attempt }
    }

    package var runningSlots: [SlotID] { slots.indices.filter { running($0) != nil } }

    /// Takes a grant into an idle slot, behind one that is ending, or behind all; false when there is no room.
    package mutating func take(_ grant: Grant) -> Bool {
        for index in slots.indices {
            if case .idle = slots[index] {
                slots[index] = .fetching(grant)
                return true
            }
        }
        for index in slots.indices {
            if case .ending(next: nil) = slots[index] {
                slots[index] = .ending(next: grant)
                return true
            }
        }
        guard queue.count < queueMax else { return false }
        queue.append(grant)
        return true
    }

    /// Lets what has waited longest into idle slots; false when there is none of both.
    package mutating func fill() -> Bool {
        guard !queue.isEmpty else { return false }
        var hasFilled = false
        for index in slots.indices {
            guard case .idle = slots[index], !queue.isEmpty else { continue }
            slots[index] = .fetching(queue.removeFirst())
            hasFilled = true
        }
        return hasFilled
    }

    /// Drops what waits for a slot; returns it.
    package mutating func dropQueue() -> [AttemptID] {
        defer { queue = [] }
        return queue.map(\.attempt)
    }

    package mutating func start(_ slot: SlotID, at now: Nanoseconds) {
        guard case .fetching(let grant) = slots[slot] else { return }
        let progress = Self.start(of: grant)
        slots[slot] = .running(grant, progress, ProgressWatch(iteration: progress.iteration, at: now))
    }

    package mutating func note(_ progress: AttemptProgress, in slot: SlotID, at now: Nanoseconds) {
        guard case .running(let grant, _, var watch) = slots[slot] else { return }
        watch.note(iteration: progress.iteration, gradientEvaluations: progress.gradientEvaluations, at: now)
        slots[slot] = .running(grant, progress, watch)
    }

    /// The slot has come so far with a checkpoint. To hand over a large state takes its time, which says nothing of
    /// iterations.
    package mutating func noteCut(_ progress: AttemptProgress, in slot: SlotID, at now: Nanoseconds) {
        guard case .running(let grant, _, var watch) = slots[slot] else { return }
        watch.noteCut(iteration: progress.iteration, at: now)
        slots[slot] = .running(grant, progress, watch)
    }

    /// Returns how long the slot's task has taken to this checkpoint if that is its first.
    package mutating func noteCheckpoint(_ slot: SlotID, at now: Nanoseconds) -> Nanoseconds? {
        var duration: Nanoseconds?
        changeWatch(of: slot) { duration = $0.noteCheckpoint(at: now) }
        return duration
    }

    /// No slot could be heard until now.
    package mutating func noteAbsence(at now: Nanoseconds) {
        for slot in slots.indices { changeWatch(of: slot) { $0.noteAbsence(at: now) } }
    }

    /// The slot had cause not to go on until now.
    package mutating func excuse(_ slot: SlotID, at now: Nanoseconds) {
        changeWatch(of: slot) { $0.excuse(at: now) }
    }

    package mutating func noteStopAsked(_ slot: SlotID, at now: Nanoseconds) {
        changeWatch(of: slot) { $0.noteStopAsked(at: now) }
    }

    private mutating func changeWatch(of slot: SlotID, _ change: (inout ProgressWatch) -> Void) {
        guard case .running(let grant, let progress, var watch) = slots[slot] else { return }
        change(&watch)
        slots[slot] = .running(grant, progress, watch)
    }

    /// When each running attempt counts as standing still if nothing comes of it.
    /// - Parameter mayWait: of attempts that may wait for what they have cut to be stored.
    package func stallDeadlines(
        _ limits: StallLimits, mayWait: (AttemptID) -> Bool
    ) -> [(attempt: AttemptID, deadline: Nanoseconds)] {
        slots.compactMap { slot in
            guard case .running(let grant, _, let watch) = slot else { return nil }
            return (grant.attempt, watch.deadline(limits, mayWait: mayWait(grant.attempt)))
        }
    }

    /// The slot's attempt is over and its process free.
    package mutating func release(_ slot: SlotID) {
        slots[slot] = .idle
    }

    /// The process of a slot without a task is to go; false when the slot has one.
    package mutating func endIdle(_ slot: SlotID) -> Bool {
        guard case .idle = slots[slot] else { return false }
        slots[slot] = .ending(next: nil)
        return true
    }

    /// The slot's process has gone.
    package mutating func processEnded(_ slot: SlotID) {
        switch slots[slot] {
        case .ending(next: let grant?): slots[slot] = .fetching(grant)
        case .ending(next: nil), .running: slots[slot] = .idle
        // A process without a task has gone; the next task starts another.
        case .idle, .fetching: break
        }
    }

    /// Drops the attempt; returns the slot whose process must be killed, if it runs.
    package mutating func drop(_ attempt: AttemptID) -> SlotID? {
        queue.removeAll { $0.attempt == attempt }
        for index in slots.indices {
            switch slots[index] {
            case .running(let grant, _, _) where grant.attempt == attempt:
                slots[index] = .ending(next: nil)
                return index
            case .fetching(let grant) where grant.attempt == attempt:
                slots[index] = .idle
            case .ending(next: let grant?) where grant.attempt == attempt:
                slots[index] = .ending(next: nil)
            default:
                break
            }
        }
        return nil
    }

    /// Drops every attempt that does not run yet and `isWanted`; returns them.
    package mutating func dropWaiting(where isWanted: (Grant) -> Bool) -> [AttemptID] {
        var dropped: [AttemptID] = queue.filter(isWanted).map(\.attempt)
        queue.removeAll(where: isWanted)
        for index in slots.indices {
            switch slots[index] {
            case .fetching(let grant) where isWanted(grant):
                slots[index] = .idle
                dropped.append(grant.attempt)
            case .ending(next: let grant?) where isWanted(grant):
                slots[index] = .ending(next: nil)
                dropped.append(grant.attempt)
            default:
                break
            }
        }
        return dropped
    }

    private static func start(of grant: Grant) -> AttemptProgress {
        AttemptProgress(
            attempt: grant.attempt, iteration: grant.start?.iteration ?? 0, isWarmingUp: false, divergences: 0,
            stepSize: 0, gradientEvaluations: 0)
    }
}
