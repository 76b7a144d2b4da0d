import Wire

// Short tasks are granted ahead of a free slot. They wait at a worker in the order of the grants and hold none of what is
// counted by slots: neither slot time nor the right to be asked to give way, but a project's cap.
extension Coordinator {
    /// The next task in turn, where it is short and no slot is free for it. Whoever is served next is so here too: a task
    /// that takes long, or has ended badly somewhere, waits for a slot, and all others behind it.
    func nextPrefetch() -> (TaskID, Session)? {
        guard !queue.ready.isEmpty else { return nil }
        for lane in lanesInTurn {
            guard !isAtCap(lane.project), let job = queue.ready.lanes[lane]?.first, let record = queue.records[job]
            else {
                continue
            }
            let task = record.ready.heads.first.map { TaskID(job: job, index: UInt32($0)) }
            if let task, let session = placeForPrefetch(of: task, in: record, needs: lane.needs) {
                return (task, session)
            }
            // A lane that no worker can serve holds up nobody.
            if sessions.contains(where: { $0.isOpen && suits($0, lane.needs) }) { return nil }
        }
        return nil
    }

    private func placeForPrefetch(of id: TaskID, in record: JobRecord, needs: TaskNeeds) -> Session? {
        guard let task = queue.task(id), task.attempts.isEmpty,
            // What is left for the last round goes to whoever is free first.
            record.ready.count > sessions.slotCount
        else { return nil }
        let depth = prefetched.depth(of: id.job, iterations: task.specification.iterations)
        guard depth > 0 else { return nil }
        return sessions.bestForPrefetch(depth: depth) { $0.isFull && suits($0, needs) }
    }

    /// Where there are free slots and nothing to put into them, what waits elsewhere behind a task that takes longer than
    /// was thought comes back.
    mutating func takeBackWhatIsLate() {
        guard sessions.hasFreeSlots, !prefetched.isEmpty, queue.ready.isEmpty else { return }
        for attempt in prefetched.overdue(at: now) { takeBack(attempt) }
    }

    /// Asks for an attempt that has not begun.
    mutating func takeBack(_ attempt: AttemptID) {
        guard let session = sessions.holder(of: attempt), sessions.holding(attempt)?.isYielding == false else { return }
        sessions.noteYielding(attempt, of: session.number)
        outbox.afterStored(.yield(attempt))
    }

    /// The lanes with tasks that wait, in the order in which they are to be served.
    var lanesInTurn: [ReadyJobs.Lane] {
        queue.ready.inTurn { [fairShare, prefetched, now] project in
            fairShare.standing(of: project, with: prefetched.count(of: project), at: now)
        }
    }

    /// How much the project has had and is about to have.
    func standing(of project: String) -> Double {
        fairShare.standing(of: project, with: prefetched.count(of: project), at: now)
    }
}
