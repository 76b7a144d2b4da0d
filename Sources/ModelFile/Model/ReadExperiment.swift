import ModelDefinition

/// A lift test as the file states it.
package struct ReadExperiment: Sendable {
    /// What becomes of it.
    package enum Use: String, Sendable, CaseIterable {
        /// A term of the likelihood.
        case likelihood
        /// The prior of its channel's return.
        case prior
    }

    package var experiment: Experiment
    package var use: Use
    /// Money by which the test changed the spend; nil where the data tell.
    package var spend: Double?
}
