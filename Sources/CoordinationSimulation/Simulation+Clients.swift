import Coordination
import Wire

// Who submits, cancels and waits.
extension Simulation {
    mutating func submit(_ index: Int) {
        guard clients[index].isDue, clients[index].job == nil, coordinator.process != nil else { return }
        // The service stores the bundle before it asks the control thread.
        for step in coordinator.disk.steps(toPut: clients[index].bundle) {
            guard (try? coordinator.disk.perform(step)) != nil else { return }
        }
        coordinator.process?.requests.append(
            .submitted(clients[index].specification, again: false, request: Client.submission(index)))
        planTurn(at: now)
    }

    mutating func cancel(_ index: Int) {
        guard clients[index].wantsCancel, let job = clients[index].job, coordinator.process != nil else { return }
        clients[index].hasAskedForCancel = true
        coordinator.process?.requests.append(.changeRequested(job, .cancel, request: Client.cancellation(index)))
        planTurn(at: now)
    }

    mutating func pauseOrResume(_ index: Int) {
        guard let job = clients[index].job, clients[index].wasPaused, coordinator.process != nil else { return }
        coordinator.process?.requests.append(
            .changeRequested(job, clients[index].pauses > 0 ? .pause : .resume, request: Client.change))
        planTurn(at: now)
    }

    mutating func prioritise(_ index: Int) {
        guard let job = clients[index].job, let priority = clients[index].priority, coordinator.process != nil else {
            return
        }
        coordinator.process?.requests.append(.changeRequested(job, .prioritise(priority), request: Client.change))
        planTurn(at: now)
    }

    /// A while after a job is held for good, an operator has it tried again, and after that gives it up.
    mutating func lookAtHeldJobs() {
        for index in clients.indices where !clients[index].isOver && !clients[index].isAttended {
            guard let job = clients[index].job, coordinator.durable.jobs[job]?.isHeld == true else { continue }
            clients[index].isAttended = true
            heap.plan(.attend(index), at: now + Self.attendance)
        }
    }

    mutating func attend(_ index: Int) {
        clients[index].isAttended = false
        guard let job = clients[index].job, let durable = coordinator.durable.jobs[job], durable.ending == nil,
            durable.isHeld
        else { return }
        if clients[index].releases == 0, coordinator.process != nil {
            let name = clients[index].specification.name
            note("client", "'\(name)' is to be tried again")
            count("releases")
            clients[index].releases += 1
            coordinator.process?.requests.append(.changeRequested(job, .resume, request: Client.change))
            planTurn(at: now)
        } else if clients[index].releases > 0 {
            clients[index].wantsCancel = true
            cancel(index)
        }
        lookAtHeldJobs()
    }

    /// How long after a task is quarantined an operator comes.
    private static let attendance: Nanoseconds = .seconds(20)

    /// What is asked again of a coordinator that has started, or has room again.
    mutating func askAgain() {
        for index in clients.indices {
            submit(index)
            cancel(index)
            pauseOrResume(index)
            prioritise(index)
        }
    }

    mutating func receive(_ reply: Reply, request: UInt64) {
        guard request != Client.change else { return }
        let index = Int(request - 1) / 2
        switch reply {
        case .job(let job, _):
            guard coordinator.durable.jobs[job]?.specification.digest == clients[index].specification.digest else {
                violate("invariant 2: a submission was answered that would not survive")
                return
            }
            clients[index].job = job
            cancel(index)
            lookAtJobs()
            lookAtHeldJobs()
        case .refused(let text):
            violate("a submission of a legal size was refused: \(text)")
        case .reason: break
        case .changed:
            guard let job = clients[index].job, coordinator.durable.jobs[job]?.ending == .cancelled else {
                violate("invariant 2: a cancellation was answered that would not survive")
                return
            }
            clients[index].wantsCancel = false
        case .tooLate:
            clients[index].wantsCancel = false
        case .unknownJob:
            violate("a job that was accepted is unknown")
        }
    }

    /// A job is over for its client once others may see it; that must be for good.
    mutating func lookAtJobs() {
        for index in clients.indices where !clients[index].isOver {
            guard let job = clients[index].job, let ending = coordinator.durable.jobs[job]?.ending else { continue }
            clients[index].endedAt = now
            let name = clients[index].specification.name
            note("client", "'\(name)' has \(ending.rawValue)")
            count("jobs \(ending.rawValue)")
            if ending == .failed && scenario.tries == .countless
                && clients[index].failures.allSatisfy({ $0 == nil })
            {
                violate("a job has failed without a reason")
            }
            if ending == .cancelled && !clients[index].hasAskedForCancel {
                violate("a job was cancelled that nobody cancelled")
            }
        }
    }
}
