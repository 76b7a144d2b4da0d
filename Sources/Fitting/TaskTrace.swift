/// What a task cost that was run for a while, and what it would cost in full.
package struct TaskTrace: Sendable, Hashable {
    /// Iterations of warm-up of one run of the sampler.
    package let warmup: Int
    /// All iterations of one run of the sampler; a task may have several, one after the other.
    package let runLength: Int
    /// Of all its runs; of a resample those of its first try.
    package let iterationCount: Int
    /// Resamples of a batch; 1 of any other task.
    private let memberCount: Int
    /// Iterations that each of them counts for in those of the task.
    private let memberLength: Int
    /// Those that are finished, and iterations that were run by then.
    private var finishedMembers = 0
    private var iterationOfFinished = 0
    /// Completed iterations when it began: near the end of warm-up where others have told the metric.
    package let begin: Int
    /// Processor seconds until the first iteration.
    package let startSeconds: Double
    /// Processor seconds of all iterations that were run.
    package private(set) var seconds: Double
    /// Gradient evaluations after the start, and after each iteration.
    package private(set) var gradients: [Double]

    /// Draws from which on the mean of draws alone tells what the others cost.
    private static let drawsMin = 20

    /// - Parameters:
    ///   - begin: completed iterations when it began.
    ///   - gradients: evaluations by then.
    package init(
        _ task: FitTask, of plan: FitPlan, begin: Int, startSeconds: Double, gradients: Int
    ) {
        iterationCount = plan.usualIterationCount(of: task)
        (warmup, runLength) = plan.runLength(of: task)
        memberCount = max(1, plan.resamples(of: task).count)
        memberLength = plan.iterationsOfResample
        self.begin = begin
        self.startSeconds = startSeconds
        seconds = 0
        self.gradients = [Double(gradients)]
    }

    /// Another iteration was run.
    /// - Parameters:
    ///   - gradients: evaluations so far.
    ///   - seconds: of processor time since the first iteration.
    ///   - place: where the task stands, as it counts: a finished resample of a batch stands for both tries, whether there was a
    ///     second or not.
    package mutating func note(gradients: Int, seconds: Double, place: Int) {
        self.gradients.append(Double(gradients))
        self.seconds = seconds
        guard memberCount > 1, place / memberLength > finishedMembers else { return }
        finishedMembers = place / memberLength
        iterationOfFinished = iteration
    }

    /// The last iteration that was run.
    package var iteration: Int { begin + gradients.count - 1 }

    /// Its iterations in all: of a resample that needed a second try more than those of the first; of a batch as many for each of
    /// its resamples as those that are finished took.
    package var length: Int {
        guard finishedMembers > 0 else { return max(iterationCount, iteration) }
        return max(iterationOfFinished * memberCount / finishedMembers, iteration)
    }

    package var isWarmingUp: Bool { iteration < warmup }

    package var isFinished: Bool {
        memberCount > 1 ? finishedMembers == memberCount : iteration >= iterationCount
    }

    package var secondsPerGradient: Double {
        let count = gradients[gradients.count - 1] - gradients[0]
        return count > 0 ? seconds / count : 0
    }

    /// Gradient evaluations after so many iterations: counted where it came so far, and else with those of iterations to
    /// come as those of late.
    package func gradients(after iterations: Int) -> Double {
        if iterations <= iteration { return gradients[max(0, iterations - begin)] }
        let last = gradients[gradients.count - 1]
        if iterations > runLength {
            // Each run of the sampler warms up anew.
            guard iteration >= runLength else {
                return gradients(after: runLength) * Double(iterations) / Double(runLength)
            }
            /// Those of so many iterations, each run being as the first.
            func asFirst(_ iterations: Int) -> Double {
                Double(iterations / runLength) * gradients[runLength - begin]
                    + gradients[max(0, iterations % runLength - begin)]
            }
            return last + asFirst(iterations) - asFirst(iteration)
        }
        return last + Double(iterations - iteration) * lateRate
    }

    /// Processor seconds of so many iterations, with the start.
    package func seconds(after iterations: Int) -> Double {
        startSeconds + (gradients(after: iterations) - gradients[0]) * secondsPerGradient
    }

    /// Gradients of an iteration: of draws where there are some, else of the last third of what was run, in which the
    /// metric is nearest to what it will be.
    private var lateRate: Double {
        guard gradients.count > 1 else { return 0 }
        let first =
            iteration >= warmup + Self.drawsMin ? max(warmup, begin) : iteration - max(1, (iteration - begin) / 3)
        return (gradients[gradients.count - 1] - gradients[first - begin]) / Double(iteration - first)
    }

    /// What is to be expected of a chain that begins with what this scout has found.
    package func leading(to chain: FitTask, of plan: FitPlan) -> TaskTrace {
        let warmup = plan.runLength(of: chain).warmup
        var trace = TaskTrace(
            chain, of: plan, begin: max(0, warmup - Self.pooledWarmup), startSeconds: startSeconds, gradients: 0)
        trace.gradients.append(lateRate)
        trace.seconds = lateRate * secondsPerGradient
        return trace
    }

    /// Iterations of warm-up that are left to chains which begin with a pooled metric, at most.
    private static let pooledWarmup = 50
}
