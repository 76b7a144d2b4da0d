import Wire

// How attempts end.
extension Coordinator {
    /// Ends a current attempt without a result; its task goes back to the queue, at once or after a pause, or is
    /// quarantined, or fails when its tries are spent.
    ///
    /// - Parameter session: of the worker that had it, where that is to blame.
    mutating func end(
        _ attempt: AttemptID, outcome: String, blame: Blame, iteration: Int = 0, on session: Session? = nil
    ) {
        guard queue.isCurrent(attempt), let task = queue.task(attempt.task) else { return }
        let heard = max(iteration, task.progress?.iteration ?? 0, task.knownIteration)
        let entry = LedgerEntry.ended(
            attempt, outcome: outcome, lastIteration: min(heard, task.specification.iterations), blame: blame)
        queue.apply(entry)
        unclaimed.remove(attempt)
        noteEnd(of: attempt)
        outbox.store(
            entry, then: [.log(.attemptEnded(attempt, label: task.specification.label, reason: outcome))])
        if let session { noteBadEnd(of: attempt.task, blame: blame, on: session) }
        if !giveUpIfTriesAreSpent(attempt.task) { backOff(attempt) }
    }

    /// What has ended badly is tried elsewhere if that can be, and a worker where everything ends badly gets nothing for
    /// a while.
    private mutating func noteBadEnd(of task: TaskID, blame: Blame, on session: Session) {
        guard blame != .nobody else { return }
        queue.noteBadEnd(of: task, on: session.worker, memory: blame == .memory ? session.offer.memory : nil)
        // Where all workers are this process's own, another is no better.
        guard blame.isBadForWorker, !settings.workersDieWithCoordinator,
            let pause = conduct.noteBadEnd(of: task, on: session.worker, at: now)
        else { return }
        outbox.log(.workerSuspended(session.worker, seconds: Double(pause) / 1e9))
        applyConduct(to: session.number)
        suspensions.add(session.number, due: now + pause)
    }

    /// How many slots the session is given for now.
    mutating func applyConduct(to number: UInt64) {
        guard let session = sessions[number] else { return }
        let isSuspended = conduct.isSuspended(session.worker, at: now)
        sessions.limit(
            number, to: isSuspended ? 0 : conduct.isOnProbation(session.worker) ? 1 : session.offer.slots)
    }

    /// Something of the session's has come forward.
    mutating func noteProgress(of session: Session, finished: Bool) {
        let wasOnProbation = conduct.isOnProbation(session.worker)
        conduct.noteProgress(on: session.worker, finished: finished)
        if wasOnProbation { applyConduct(to: session.number) }
    }

    /// The first retry of a task is immediate; before later ones it waits, longer each time, until it comes forward.
    private mutating func backOff(_ attempt: AttemptID) {
        guard let task = queue.task(attempt.task), task.state == .ready else { return }
        let badEnds = task.triesWithoutProgress + task.hangs + task.memoryFailures
        guard badEnds >= 2 else { return }
        let pause = min(settings.backOffMin << min(UInt64(badEnds - 2), 16), settings.backOffMax)
        queue.delay(attempt.task)
        delays.add(attempt.task, due: now + jitter(pause))
    }

    /// True when the task is not tried again: it is quarantined, or has failed and its job with it.
    @discardableResult mutating func giveUpIfTriesAreSpent(_ id: TaskID) -> Bool {
        guard let task = queue.task(id), task.state == .ready else { return false }
        let place = task.poisonedPlace(settings.tries)
        guard place != nil || task.isSpent(settings.tries) else { return false }
        // Where all workers are this process's own, nobody will come to look at it.
        if let place, !settings.workersDieWithCoordinator {
            quarantine(id, task, place: place)
            return true
        }
        close(id.job, with: .taskFailed(id, text: task.attempts.last?.outcome ?? ""))
        return true
    }

    /// Whatever worker it is given to, the task will end there: it is kept as it is, for somebody to look at.
    private mutating func quarantine(_ id: TaskID, _ task: TaskRecord, place: Int) {
        let text = "at iteration \(place) on different workers: \(task.attempts.last?.outcome ?? "")"
        let entry = LedgerEntry.quarantined(id, text: text)
        queue.apply(entry)
        outbox.store(entry, then: [.log(.taskQuarantined(id, label: task.specification.label, text: text))])
    }

    /// A task whose stored draws cannot be read begins anew.
    mutating func loseDraws(of id: TaskID) {
        queue.endJudging(id.job, isDone: false)
        guard queue.records[id.job]?.state.isOver == false, let task = queue.task(id),
            task.state == .done || !task.blocks.isEmpty
        else { return }
        if task.state == .leased {
            let attempt = AttemptID(task: id, epoch: task.epoch)
            end(attempt, outcome: "its stored draws are lost", blame: .nobody)
            if let session = sessions.holder(of: attempt) { forget(attempt, of: session.number) }
        }
        let entry = LedgerEntry.drawsLost(id)
        queue.apply(entry)
        outbox.store(entry, then: [.log(.drawsLost(id, label: task.specification.label))])
    }

    /// Scouts whose stored draws are gone begin anew, and the tasks that were to read them wait for them again.
    mutating func loseScouts(_ block: Digest) {
        for job in queue.open.sorted() {
            guard let schedule = queue.records[job]?.specification.schedule else { continue }
            let scouts = schedule.scouts.map { TaskID(job: job, index: UInt32($0)) }
            let lost = scouts.filter { queue.task($0)?.blocks.contains(block) == true }
            guard !lost.isEmpty else { continue }
            for attempt in queue.leased(of: job) where schedule.waiting.contains(Int(attempt.task.index)) {
                guard queue.task(attempt.task)?.start == nil else { continue }
                end(attempt, outcome: "the draws of a scout are lost", blame: .nobody)
                if let session = sessions.holder(of: attempt) { forget(attempt, of: session.number) }
            }
            for scout in lost { loseDraws(of: scout) }
        }
    }

    /// Takes the attempt from the session; its worker learns of it once everything decided so far is stored.
    mutating func forget(_ attempt: AttemptID, of session: UInt64) {
        sessions.remove(attempt, from: session)
        outbox.afterStored(.forget(attempt, session: session))
    }

    /// The session is over and its worker with it.
    mutating func lose(_ session: Session, outcome: String, blame: Blame) {
        sessions.remove(session.number)
        hasLostLastToTime = false
        if !conduct.isSuspended(session.worker, at: now) { conduct.forget(session.worker) }
        outbox.log(.workerLost("\(session.worker): \(outcome)"))
        for attempt in session.attempts {
            // What has not begun there has not been tried.
            end(attempt, outcome: outcome, blame: prefetched.contains(attempt) ? .nobody : blame)
        }
    }
}
