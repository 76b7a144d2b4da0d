import Coordination
import Wire

/// How fast something goes, over the last seconds.
package struct Pace: Codable, Sendable, Hashable {
    /// Iterations a second.
    package var iterations: Double
    /// Evaluations of the gradient a second.
    package var gradients: Double

    package init(iterations: Double, gradients: Double) {
        self.iterations = iterations
        self.gradients = gradients
    }

    package static let none = Pace(iterations: 0, gradients: 0)

    package static func + (left: Pace, right: Pace) -> Pace {
        Pace(iterations: left.iterations + right.iterations, gradients: left.gradients + right.gradients)
    }
}

/// How fast a job goes, each of its tasks that run, by index, and each worker at it, by name.
package struct JobPace: Sendable, Hashable {
    package var total: Pace
    package var tasks: [Int: Pace]
    /// Evaluations of the gradient a second.
    package var workers: [String: Double]
}

/// What jobs had done at earlier moments, and how fast they go by it.
struct PaceBook {
    private struct Count {
        var iterations: Int
        var gradients: Int

        init(_ task: JobSnapshot.Task) {
            iterations = task.iteration
            gradients = task.gradientEvaluations
        }
    }

    private struct Reading {
        var time: Double
        /// Of the tasks that run, by index: a job may have many thousands of others.
        var tasks: [Int: Count]
        /// Of all tasks.
        var iterations = 0
        var gradients = 0
        /// Of all tasks, by who ran them last: many are done sooner than a task's own pace is known.
        var workers: [String: Int] = [:]
    }

    /// Seconds over which paces are measured: several heartbeats, or they would jump with each.
    private static let window: Double = 20
    /// Seconds between two readings at the least.
    private static let interval: Double = 1
    /// Seconds without news of a job after which nothing can be said.
    private static let silenceMax: Double = 60

    private var readings: [JobID: [Reading]] = [:]

    mutating func note(_ job: JobSnapshot, at now: Double) {
        guard job.state == .running || job.state == .held || job.state == .paused else {
            readings[job.id] = nil
            return
        }
        var own = readings[job.id] ?? []
        if let last = own.last, now < last.time + Self.interval { return }
        var reading = Reading(time: now, tasks: [:])
        for (index, task) in job.tasks.enumerated() {
            if task.state == .leased { reading.tasks[index] = Count(task) }
            reading.iterations += task.iteration
            reading.gradients += task.gradientEvaluations
            if let worker = task.attempts.last?.worker {
                reading.workers[worker, default: 0] += task.gradientEvaluations
            }
        }
        own.append(reading)
        while own.count > 2, own[1].time < now - Self.window { own.removeFirst() }
        readings[job.id] = own
    }

    /// Nil as long as nothing can be said.
    func pace(of job: JobID, at now: Double) -> JobPace? {
        guard let own = readings[job], let first = own.first, let last = own.last, last.time > first.time,
            now - last.time < Self.silenceMax
        else { return nil }
        let time = last.time - first.time
        // What another try does a second time is less than what the one before had come to.
        func rate(_ before: Int, _ after: Int, _ time: Double) -> Double { Double(max(0, after - before)) / time }
        var tasks: [Int: Pace] = [:]
        for (index, count) in last.tasks {
            guard let start = own.first(where: { $0.tasks[index] != nil }), let before = start.tasks[index],
                last.time > start.time
            else { continue }
            tasks[index] = Pace(
                iterations: rate(before.iterations, count.iterations, last.time - start.time),
                gradients: rate(before.gradients, count.gradients, last.time - start.time))
        }
        return JobPace(
            total: Pace(
                iterations: rate(first.iterations, last.iterations, time),
                gradients: rate(first.gradients, last.gradients, time)),
            tasks: tasks,
            workers: Dictionary(
                uniqueKeysWithValues: last.workers.map { ($0, rate(first.workers[$0] ?? 0, $1, time)) }))
    }
}
