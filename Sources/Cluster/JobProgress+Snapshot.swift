import Coordination

extension JobSnapshot {
    /// Why it is in its state, or what it waits for longer than it should.
    var shownText: String {
        text.isEmpty && waitsForWorker ? "Its tasks wait, and no worker has come for two minutes." : text
    }
}

extension JobProgress {
    package init(_ snapshot: JobSnapshot) {
        id = String(snapshot.id.number)
        name = snapshot.name
        state = snapshot.state.rawValue
        text = snapshot.shownText
        tasks = snapshot.tasks.map { task in
            Task(
                label: task.specification.label, state: task.state.rawValue, iteration: task.iteration,
                iterations: task.iterations, isWarmingUp: task.isWarmingUp,
                divergences: task.divergences, stepSize: task.stepSize.flatMap { $0.isFinite ? $0 : nil },
                gradientEvaluations: task.gradientEvaluations, attempts: task.attempts.count,
                startIteration: task.attempts.last?.startIteration ?? 0)
        }
        recomputedIterations = snapshot.tasks.reduce(0) { $0 + $1.recomputedIterations }
    }
}
