import Wire

// How attempts and jobs begin and end.
extension Coordinator {
    /// Gives ready tasks to free slots: job by job, in the order of the tasks.
    mutating func grantWhatIsReady() {
        guard hasBegun, sessions.hasFreeSlots else { return }
        for job in queue.byPriority {
            while let task = queue.nextReady(of: job) {
                guard let session = sessions.bestFree(avoiding: task.worker) else { return }
                let attempt = AttemptID(task: task.id, epoch: task.epoch + 1)
                let entry = LedgerEntry.granted(attempt, worker: session.worker)
                queue.apply(entry)
                sessions.add(Holding(attempt: attempt, isSent: false, isListed: false), to: session.number)
                let start = queue.task(task.id)?.knownIteration ?? 0
                outbox.store(
                    entry,
                    then: [
                        .sendGrant(attempt),
                        .log(.granted(attempt, label: task.label, worker: session.worker, fromIteration: start)),
                    ])
            }
        }
    }

    /// Ends a current attempt without a result; its task goes back to the queue, or fails when its tries are spent.
    mutating func end(_ attempt: AttemptID, outcome: String, blame: Blame, iteration: Int = 0) {
        guard queue.isCurrent(attempt), let task = queue.task(attempt.task) else { return }
        let heard = max(iteration, task.progress?.iteration ?? 0, task.knownIteration)
        let entry = LedgerEntry.ended(
            attempt, outcome: outcome, lastIteration: min(heard, task.specification.iterations), blame: blame)
        queue.apply(entry)
        unclaimed.removeAll { $0 == attempt }
        outbox.store(
            entry, then: [.log(.attemptEnded(attempt, label: task.specification.label, reason: outcome))])
        failIfTriesAreSpent(attempt.task)
    }

    mutating func failIfTriesAreSpent(_ id: TaskID) {
        guard let task = queue.task(id), task.state == .ready,
            task.errors >= settings.errorsMax || task.triesWithoutProgress > settings.triesWithoutProgressMax
        else { return }
        close(id.job, with: .taskFailed(id, text: task.attempts.last?.outcome ?? ""))
    }

    /// A finished task whose draws cannot be read begins anew.
    mutating func loseDraws(of id: TaskID) {
        guard queue.records[id.job]?.state.isOver == false, let task = queue.task(id), task.state == .done else {
            return
        }
        let entry = LedgerEntry.drawsLost(id)
        queue.apply(entry)
        outbox.store(entry, then: [.log(.drawsLost(id, label: task.specification.label))])
    }

    /// Ends a job. Others see it, and workers are told to drop its attempts, when it is durable.
    mutating func close(_ job: JobID, with entry: LedgerEntry) {
        queue.hideEnd(of: job)
        queue.apply(entry)
        guard let record = queue.records[job] else { return }
        outbox.store(entry, then: [.reveal(job), .log(.jobEnded(job, record.state, record.text))])
        unclaimed.removeAll { $0.task.job == job }
        for session in sessions.all {
            for attempt in session.attempts where attempt.task.job == job {
                forget(attempt, of: session.number)
            }
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
        outbox.log(.workerLost("\(session.worker): \(outcome)"))
        for attempt in session.attempts { end(attempt, outcome: outcome, blame: blame) }
    }
}
