import Fitting

extension Manifest {
    /// What a manifest says of a run apart from its numbers.
    package struct Run: Sendable {
        package let name: String
        /// Of the program.
        package let version: String
        package let identity: FitIdentity
        /// ISO 8601, UTC.
        package let startedAt: String
        package let finishedAt: String
        package let wallSeconds: Double
        /// Of the tasks' last attempts; nil where a chain was let go when its draws were enough.
        package let cpuSeconds: Double?
        package let tasks: [Task]

        package init(
            name: String, version: String, identity: FitIdentity, startedAt: String, finishedAt: String,
            wallSeconds: Double, cpuSeconds: Double?, tasks: [Task]
        ) {
            self.name = name
            self.version = version
            self.identity = identity
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.wallSeconds = wallSeconds
            self.cpuSeconds = cpuSeconds
            self.tasks = tasks
        }
    }
}
