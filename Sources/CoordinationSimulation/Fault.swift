import Coordination

/// A way of one link.
package enum Direction: Int, Sendable, Hashable {
    case toCoordinator
    case toWorker
}

/// How a process or its host goes.
package enum Crash: Sendable, Hashable {
    /// `kill -9`: what was written to the page cache stays.
    case killed
    /// The host is gone: what was not synced is lost, in part or whole.
    case powerLost
}

/// Something that goes wrong. Workers, slots and jobs are counted from 0.
package enum Fault: Sendable, Hashable {
    /// After so many further effects or calls on the disk, wherever that is; started again after a while.
    case crashCoordinator(Crash, afterSteps: Int, away: Nanoseconds)
    case pauseCoordinator(Nanoseconds)
    /// A busy processor: each message takes so long.
    case slowCoordinator(perMessage: Nanoseconds, during: Nanoseconds)
    /// The host was suspended and its clock tells.
    case jumpCoordinatorClock(Nanoseconds)

    case fillDisk(during: Nanoseconds)
    /// Each commit takes so long.
    case slowDisk(perCommit: Nanoseconds, during: Nanoseconds)
    case failSync
    /// Stored draws of a task cannot be read when they are next.
    case loseDraws

    /// The agent with its slots; another takes its place after a while.
    case killWorker(Int, away: Nanoseconds)
    /// The agent alone: its slots compute on.
    case pauseWorker(Int, during: Nanoseconds)
    /// The agent with its slots.
    case suspendHost(Int, during: Nanoseconds)
    /// Asked to leave; another takes its place a while after it has left.
    case drainWorker(Int, away: Nanoseconds)
    case killSlot(worker: Int, slot: Int)
    /// The slot's process stands still while its agent's heartbeats go on.
    case hangSlot(worker: Int, slot: Int, during: Nanoseconds)
    /// The slot's process stands still until it is killed.
    case stopSlot(worker: Int, slot: Int)
    /// The slot's process takes more memory than it may have.
    case growSlot(worker: Int, slot: Int)
    /// The disk of the worker's host has no room.
    case fillSpool(Int, during: Nanoseconds)

    case breakConnection(Int)
    /// Nothing passes in these directions: both, a partition; one, a one-way partition.
    case clog(Int, [Direction], during: Nanoseconds)
    /// Queues overflow: each message is lost with this probability.
    case loseMessages(Int, probability: Double, during: Nanoseconds)
    /// Each message has one bit turned with this probability.
    case corruptMessages(Int, probability: Double, during: Nanoseconds)
    case delayMessages(Int, by: Nanoseconds, during: Nanoseconds)

    case cancelJob(Int)
    /// An operator pauses the job, and resumes it after a while.
    case pauseJob(Int, during: Nanoseconds)
    /// An operator moves the job to another class.
    case prioritiseJob(Int, Int)
}

/// A fault and when it begins.
package struct PlannedFault: Sendable, Hashable {
    package var time: Nanoseconds
    package var fault: Fault

    package init(at time: Nanoseconds, _ fault: Fault) {
        self.time = time
        self.fault = fault
    }
}
