extension JobProgress {
    /// How far a portfolio is: as of one job whose tasks are its models, in their order.
    package init(portfolio name: String, models: [(name: String, job: JobSummary)]) {
        let isBeingAssembled = models.contains { $0.job.state == "assembling" }
        id = ""
        self.name = name
        state = isBeingAssembled ? "assembling" : "running"
        text = ""
        tasks = models.map { Self.task($0.name, $0.job) }
        recomputedIterations = models.reduce(0) { $0 + $1.job.recomputedIterations }
    }

    private static func task(_ name: String, _ job: JobSummary) -> Task {
        let state =
            switch job.state {
            case "succeeded": "done"
            case "running", "assembling", "held": "leased"
            case "queued", "paused": "ready"
            default: job.state
            }
        // Nothing more comes of one that is at rest.
        return Task(
            label: "model \(name)", state: state, iteration: job.isAtRest ? job.iterations : job.iteration,
            iterations: job.iterations, isWarmingUp: false, divergences: job.divergences, stepSize: nil,
            gradientEvaluations: 0, attempts: 0, startIteration: 0)
    }
}
