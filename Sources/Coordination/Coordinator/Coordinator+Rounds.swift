import Wire

// How the chains of a job end before their tasks do, after the first round whose draws are enough.
extension Coordinator {
    /// Has the next round judged once all chains have stored its draws.
    mutating func judgeIfDue(_ job: JobID) {
        guard let iteration = queue.beginJudging(job) else { return }
        outbox.afterStored(.judge(job, iteration: iteration))
    }

    mutating func judged(_ job: JobID, iteration: Int, isEnough: Bool) {
        queue.endJudging(job, isDone: true)
        guard let record = queue.records[job], !record.state.isOver, record.settled == nil else { return }
        if isEnough {
            settle(job, at: iteration)
        } else if let end = queue.lastRoundEnd(of: job) {
            settle(job, at: end)
        } else {
            judgeIfDue(job)
        }
    }

    mutating func notJudged(_ job: JobID, text: String) {
        guard queue.records[job]?.state.isOver == false else { return }
        close(job, with: .taskFailed(TaskID(job: job, index: 0), text: text))
    }

    /// A chain whose draws were lost begins anew, and ends where they are enough.
    mutating func settleAgain(_ id: TaskID) {
        guard let task = queue.task(id), task.state == .leased, let iteration = task.settled,
            iteration < task.specification.iterations, task.knownIteration >= iteration
        else { return }
        settle(id.job, at: iteration)
    }

    private mutating func settle(_ job: JobID, at iteration: Int) {
        let leased = queue.leased(of: job)
        let entry = LedgerEntry.settled(job, iteration: iteration)
        queue.apply(entry)
        outbox.store(entry, then: [.log(.settled(job, iteration: iteration))])
        for attempt in leased where !queue.isCurrent(attempt) {
            unclaimed.remove(attempt)
            noteEnd(of: attempt)
            if let session = sessions.holder(of: attempt) { forget(attempt, of: session.number) }
        }
        assembleIfDone(job)
    }

    mutating func assembleIfDone(_ job: JobID) {
        if queue.records[job]?.state == .assembling { outbox.afterStored(.assemble(job)) }
    }
}
