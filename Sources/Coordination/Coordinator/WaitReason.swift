import Wire

/// Why a job's tasks wait: the first thing that has to change.
package enum WaitReason: Sendable, Hashable {
    /// They do not: so many run.
    case running(Int)
    case assembling
    case over(JobState)
    case paused
    /// This task of the job is quarantined, and why.
    case held(JobID, task: String, text: String)
    /// This job has to succeed first.
    case after(JobID)
    case noWorker
    /// So many workers were refused, since their program or machine computes other bits, and no other has come.
    case otherKernels(Int)
    /// Every worker is about to leave.
    case workersLeaving
    /// No worker has these tags.
    case tags([String])
    /// No slot has so much memory; the most that one has, in bytes.
    case memory(needed: UInt64, most: UInt64)
    /// So many bytes of memory were too few twice, and no slot has more.
    case moreMemory(than: UInt64)
    /// Every worker's host ends it before a task would come to its first checkpoint, which takes so many seconds; or the
    /// last worker has left for that.
    case walltime(needed: Double)
    /// Tasks end badly on every worker that could run it: they get nothing for so many seconds.
    case suspended(seconds: Double)
    /// The next try of a task that ended badly comes in so many seconds.
    case backOff(seconds: Double)
    /// The project holds as many slots as it may.
    case cap(project: String, slots: Int)
    /// All slots that could run it are taken; by jobs of a higher class.
    case priority(JobID)
    /// All slots that could run it are taken, and this project, which has had less, comes first.
    case share(project: String)
    /// All slots that could run it are taken, and so many tasks came before.
    case queue(tasksAhead: Int)
}

extension Coordinator {
    /// Why the job waits, or that it does not.
    package func reason(of job: JobID) -> WaitReason? {
        guard let record = queue.records[job] else { return nil }
        switch record.state {
        case .succeeded, .failed, .cancelled: return .over(record.state)
        case .assembling: return .assembling
        case .paused: return .paused
        case .queued, .running, .held: break
        }
        if let (task, text) = record.firstQuarantined { return .held(job, task: task, text: text) }
        if let other = record.awaited.min() { return .after(other) }
        if !record.leased.isEmpty { return .running(record.leased.count) }
        if let reason = reasonOfWorkers(record) { return reason }
        if record.ready.isEmpty, let due = delays.due(where: { $0.job == job }) {
            return .backOff(seconds: Self.seconds(from: now, to: due))
        }
        if isAtCap(record.project) {
            return .cap(project: record.project, slots: fairShare.running(record.project))
        }
        return reasonOfOthers(record)
    }

    /// What is the matter with the workers, as far as this job is concerned.
    private func reasonOfWorkers(_ record: JobRecord) -> WaitReason? {
        let needs = record.specification.needs ?? TaskNeeds()
        var left = sessions.all
        let tooShort = WaitReason.walltime(
            needed: Double(Lifespan.firstCheckpoint(interval: settings.checkpoint)) / 1e9)
        if left.isEmpty {
            if hasLostLastToTime { return tooShort }
            return foreignHosts.isEmpty ? .noWorker : .otherKernels(foreignHosts.count)
        }
        left.removeAll { !$0.isOpen }
        if left.isEmpty { return .workersLeaving }
        left.removeAll { !needs.tags.allSatisfy($0.offer.tags.contains) }
        if left.isEmpty { return .tags(needs.tags) }
        let tooFew =
            record.ready.heads.map { record.tasks[$0] }
            .filter { $0.memoryFailures >= settings.tries.memoryFailures - 1 }.map(\.memoryTooFew).max() ?? 0
        let most = left.map(\.offer.memory).max() ?? 0
        left.removeAll { needs.memory > 0 && $0.offer.memory < needs.memory }
        if left.isEmpty { return .memory(needed: needs.memory, most: most) }
        left.removeAll { tooFew > 0 && $0.offer.memory <= tooFew }
        if left.isEmpty { return .moreMemory(than: tooFew) }
        left.removeAll { !suits($0, needs) }
        if left.isEmpty { return tooShort }
        let end = left.map { conduct.suspensionEnd(of: $0.worker) }.min() ?? 0
        return left.allSatisfy { conduct.isSuspended($0.worker, at: now) }
            ? .suspended(seconds: Self.seconds(from: now, to: end)) : nil
    }

    /// Who comes first.
    private func reasonOfOthers(_ record: JobRecord) -> WaitReason {
        let others = queue.open.compactMap { queue.records[$0] }.filter { $0.id != record.id }
        if let higher = others.filter({ $0.priority > record.priority && ($0.lane != nil || !$0.leased.isEmpty) })
            .map(\.id).min()
        {
            return .priority(higher)
        }
        let standing = { (project: String) in self.standing(of: project) }
        let waiting = others.filter { $0.priority == record.priority && $0.lane != nil }
        if let project = Set(waiting.map(\.project)).filter({ $0 != record.project })
            .filter({ standing($0) < standing(record.project) }).min()
        {
            return .share(project: project)
        }
        return .queue(
            tasksAhead: waiting.filter { $0.id < record.id }.reduce(0) { $0 + $1.ready.count })
    }

    private static func seconds(from now: Nanoseconds, to due: Nanoseconds) -> Double {
        Double(max(due, now) - now) / 1e9
    }

    /// Tells once of each kind of need when tasks have waited for two minutes and there was no worker to run them. Which
    /// workers could run what is looked at when slots come or go, and once a second: not with every message of theirs.
    mutating func noteDesertion() {
        let slots = sessions.slotCount
        guard slots == 0 || slots != desertions.slotCount || now >= desertions.lookedAt + Desertions.pause else {
            return
        }
        desertions.lookedAt = now
        desertions.slotCount = slots
        let lonely = queue.ready.firstJobs.filter { !canBeRun($0.key) }
        if desertions.keep(Set(lonely.keys)) { queue.noteWaitingChanged() }
        for (needs, job) in lonely.sorted(by: { $0.value < $1.value }) {
            let since = desertions.since(needs, now: now)
            guard !desertions.isTold(needs), now >= since + settings.patience, let reason = reason(of: job) else {
                continue
            }
            desertions.noteTold(needs)
            queue.noteWaitingChanged()
            outbox.log(.noWorker(job, reason))
        }
    }

    /// True when there is a worker that can run tasks of these needs, now or when it has a slot.
    private func canBeRun(_ needs: TaskNeeds) -> Bool {
        sessions.contains { $0.isOpen && suits($0, needs) }
    }
}
