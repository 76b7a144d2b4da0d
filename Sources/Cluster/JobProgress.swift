/// How far a job is, for people and for the HTTP API.
package struct JobProgress: Codable, Sendable, Hashable {
    package struct Task: Codable, Sendable, Hashable {
        /// `chain 1`, `resample 7`.
        package var label: String
        /// `ready`, `leased`, `done`, `quarantined`, `failed` or `cancelled`.
        package var state: String
        /// Completed iterations, warm-up counted.
        package var iteration: Int
        package var iterations: Int
        package var isWarmingUp: Bool
        package var divergences: Int
        package var stepSize: Double?
        package var gradientEvaluations: Int
        package var attempts: Int
        /// The iteration from which the latest attempt went on.
        package var startIteration: Int

        enum CodingKeys: String, CodingKey {
            case label, state, iteration, iterations, divergences, attempts
            case isWarmingUp = "warming_up"
            case stepSize = "step_size"
            case gradientEvaluations = "gradient_evaluations"
            case startIteration = "start_iteration"
        }
    }

    package var id: String
    package var name: String
    /// `queued`, `running`, `paused`, `held`, `assembling`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    /// Why the job is in its state, where that needs saying.
    package var text: String
    package var tasks: [Task]
    package var recomputedIterations: Int

    enum CodingKeys: String, CodingKey {
        case id, name, state, text, tasks
        case recomputedIterations = "recomputed_iterations"
    }

    package var isOver: Bool { ["succeeded", "failed", "cancelled"].contains(state) }
}
