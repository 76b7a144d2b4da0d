import Wire

/// What is asked of a job.
package enum JobChange: Sendable, Hashable {
    case cancel
    /// What runs gives way at its next checkpoint; nothing more is granted.
    case pause
    /// Also what is quarantined is tried again.
    case resume
    /// It waits in another class.
    case prioritise(Int)
}

// How jobs begin, change and end.
extension Coordinator {
    mutating func submit(_ specification: JobSpecification, again: Bool, request: UInt64) {
        if !again, let job = queue.job(withDigest: specification.digest), let state = queue.records[job]?.state,
            state != .failed, state != .cancelled
        {
            outbox.afterStored(.reply(request, .job(job, existed: true)))
            return
        }
        if let refusal = refusal(of: specification) {
            outbox.afterStored(.reply(request, .refused(refusal)))
            return
        }
        let job = JobID(UInt64(queue.order.count + 1))
        enter(specification.project ?? "default")
        let entry = LedgerEntry.submitted(job, specification)
        queue.apply(entry)
        if let deadline = specification.deadline { deadlines.add(job, due: Self.wallClock(deadline)) }
        outbox.store(entry, then: [.reply(request, .job(job, existed: false))])
    }

    private func refusal(of specification: JobSpecification) -> String? {
        let count = specification.tasks.count
        guard (1...Limits.tasksMax).contains(count) else {
            return "a job has 1 to \(Limits.tasksMax) tasks, this one has \(count)"
        }
        if let schedule = specification.schedule, !schedule.isValid(taskCount: count) {
            return "its chains, scouts and rounds do not fit its \(count) tasks"
        }
        for other in specification.after ?? [] {
            switch queue.records[other]?.state {
            case nil: return "job \(other.number), which it is to follow, does not exist"
            case .failed?: return "job \(other.number), which it is to follow, has failed"
            case .cancelled?: return "job \(other.number), which it is to follow, was cancelled"
            default: break
            }
        }
        if let deadline = specification.deadline, let wallTime, deadline <= wallTime {
            return "its deadline has passed"
        }
        let project = specification.project ?? "default"
        let waiting = queue.openTaskCounts[project] ?? 0
        if let tasksMax = fairShare.share(of: project).tasksMax, waiting + count > tasksMax {
            return
                "project '\(project)' has \(waiting) unfinished tasks of at most \(tasksMax), and this job has \(count)"
        }
        return nil
    }

    mutating func change(_ job: JobID, _ change: JobChange, request: UInt64) {
        guard let state = queue.records[job]?.state else {
            outbox.afterStored(.reply(request, .unknownJob))
            return
        }
        guard !state.isOver else {
            outbox.afterStored(.reply(request, .tooLate(state)))
            return
        }
        switch change {
        case .cancel:
            close(job, with: .cancelled(job))
        case .pause where queue.records[job]?.isPaused == false:
            keep(.paused(job))
            for attempt in queue.leased(of: job) { askToYield(attempt) }
        case .resume where queue.records[job].map { $0.isPaused || !$0.quarantined.isEmpty } == true:
            if let project = queue.records[job]?.project { enter(project) }
            keep(.resumed(job))
        case .prioritise(let priority) where queue.records[job]?.priority != priority:
            keep(.prioritised(job, priority: priority))
            runs.move(queue.leased(of: job), to: priority)
        case .pause, .resume, .prioritise:
            break
        }
        outbox.afterStored(.reply(request, .changed))
    }

    private mutating func keep(_ entry: LedgerEntry) {
        queue.apply(entry)
        outbox.store(entry, then: [.log(.jobChanged(entry.job, entry))])
    }

    /// Ends a job. Others see it, and workers are told to drop its attempts, when it is durable.
    mutating func close(_ job: JobID, with entry: LedgerEntry) {
        let leased = queue.leased(of: job)
        queue.hideEnd(of: job)
        queue.apply(entry)
        guard let state = queue.records[job]?.state else { return }
        outbox.store(entry, then: [.reveal(job), .log(.jobEnded(job, state, queue.records[job]?.text ?? ""))])
        for attempt in leased {
            unclaimed.remove(attempt)
            noteEnd(of: attempt)
            if let session = sessions.holder(of: attempt) { forget(attempt, of: session.number) }
        }
        prefetched.forget(job)
        abandonFollowers(of: job)
    }

    /// What was to follow a job that did not succeed is given up.
    mutating func abandonFollowers(of job: JobID) {
        guard let state = queue.records[job]?.state, state == .failed || state == .cancelled else { return }
        let end = state == .failed ? "has failed" : "was cancelled"
        for follower in queue.followers[job] ?? [] where queue.records[follower]?.state.isOver == false {
            close(follower, with: .abandoned(follower, reason: "job \(job.number), which it was to follow, \(end)"))
        }
    }

    /// The wall clock says so many seconds since 1970.
    mutating func noteWallTime(_ seconds: Double) {
        wallTime = seconds
        while let job = deadlines.takeDue(at: Self.wallClock(seconds)) {
            guard queue.records[job]?.state.isOver == false else { continue }
            close(job, with: .abandoned(job, reason: "its deadline has passed"))
        }
    }

    /// Seconds since 1970 as a moment, in nanoseconds.
    static func wallClock(_ seconds: Double) -> Nanoseconds { Nanoseconds(max(0, min(seconds, 9e9)) * 1e9) }
}
