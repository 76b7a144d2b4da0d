import Fitting
import Foundation
import MarketingMix
import Synchronization

/// Tasks of a fit as they are, run side by side on as many threads as there will be workers here, for a limited time.
struct PilotTasks {
    /// One task, and how far it came.
    struct Outcome: Sendable {
        var trace: TaskTrace
        /// Its draws so far.
        var records: [UInt8]
        /// Whether it came to its end: not the same as so many iterations, where a resample needs a second try.
        var isFinished: Bool
    }

    let model: MarketingMixModel
    let settings: FitSettings
    let threads: Int

    /// Tasks that are tried of a kind: their means vary by a few percent. Of resamples some need a second try and then take
    /// five times as much: where one in four does, the mean of 32 is off by 14 % (one sd), that of 96 by 8 %.
    private static func tasksMin(like task: FitTask?) -> Int {
        switch task {
        case .resample: 96
        case .resampleBatch: 8
        default: 4
        }
    }

    /// What all threads together have used.
    private(set) var processorSeconds: Double = 0
    private(set) var wallSeconds: Double = 0

    init(model: MarketingMixModel, settings: FitSettings, threads: Int) {
        self.model = model
        self.settings = settings
        self.threads = threads
    }

    /// Runs the first few of these tasks; at least one of them, and an iteration of it.
    /// - Parameters:
    ///   - seconds: of processor time after which a thread stops where it is.
    ///   - scouts: the draws of the scouts, for tasks that begin with what they have found.
    mutating func run(
        _ tasks: [FitTask], seconds: Double, scouts: [UInt8] = []
    ) throws -> [Outcome] {
        let tasks = tasks.prefix(max(Self.tasksMin(like: tasks.first), threads))
        let (model, settings) = (model, settings)
        let next = Atomic<Int>(0)
        let results = Mutex([(index: Int, result: Result<Outcome, TaskRunError>)]())
        let used = Mutex((processor: 0.0, wall: 0.0))
        DispatchQueue.concurrentPerform(iterations: min(threads, tasks.count)) { _ in
            let (begun, begunWall) = (Clock.threadCPU(), Clock.now())
            // Half of a task tells more than the beginning of another.
            while Clock.threadCPU() - begun < seconds / 2 {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < tasks.count else { break }
                let result = Result { () throws(TaskRunError) in
                    try Self.run(
                        tasks[index], model: model, settings: settings, scouts: scouts, until: begun + seconds)
                }
                results.withLock { $0.append((index, result)) }
            }
            used.withLock {
                $0.processor += Clock.threadCPU() - begun
                $0.wall += Clock.now() - begunWall
            }
        }
        processorSeconds += used.withLock { $0.processor }
        wallSeconds += used.withLock { $0.wall }
        return try results.withLock { $0.sorted { $0.index < $1.index } }.map { try $0.result.get() }
    }

    /// - Parameter end: of this thread's processor time.
    private static func run(
        _ task: FitTask, model: MarketingMixModel, settings: FitSettings, scouts: [UInt8], until end: Double
    ) throws(TaskRunError) -> Outcome {
        let begun = Clock.threadCPU()
        var run = try TaskRun(model: model, settings: settings, task: task, scouts: scouts)
        let started = Clock.threadCPU()
        var trace = TaskTrace(
            task, of: FitPlan(settings), begin: run.iteration, startSeconds: started - begun,
            gradients: run.gradientEvaluations)
        repeat {
            try run.step()
            trace.note(
                gradients: run.gradientEvaluations, seconds: Clock.threadCPU() - started, place: run.iteration)
        } while !run.isFinished && Clock.threadCPU() < end
        return Outcome(trace: trace, records: run.takeRecords(), isFinished: run.isFinished)
    }
}
