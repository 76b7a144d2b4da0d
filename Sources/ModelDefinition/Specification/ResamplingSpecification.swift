/// What resamples of a fit vary: likelihood weights of periods or geos, or the KPI itself.
package enum ResampleScheme: String, Sendable, Hashable, CaseIterable {
    /// Weights of blocks of periods, all positive.
    case blockGamma = "block_gamma"
    /// How often each period lies in blocks that are drawn with replacement; 0 for many.
    case counts
    /// Weights of single periods, all positive: block-Gamma with blocks of one.
    case dirichlet
    /// Weights of geos, the same in all their periods.
    case geo
    /// Weights of geos times weights of blocks of periods.
    case crossed
    /// The KPI is what is fitted plus blocks of errors that are drawn with replacement.
    case residual
    /// The KPI is what is fitted plus each error times a random number, alike in blocks of periods.
    case wild

    /// Whether it takes periods in blocks, which have a length.
    package var hasBlocks: Bool { self != .dirichlet && self != .geo }

    /// Whether it makes the KPI anew.
    package var replacesKPI: Bool { self == .residual || self == .wild }

    /// Whether it weighs geos, of which there must be some.
    package var weighsGeos: Bool { self == .geo || self == .crossed }

    /// Geos from which on weights of geos say how much geos vary: with fewer the spread of their weights is a guess.
    package static let geosEnough = 20
}

/// What is asked of the posterior of a resample.
package enum ResampleMethod: String, Sendable, Hashable, CaseIterable, Codable {
    /// Draws: place and spread of each figure.
    case sampled
    /// Its maximum, the figures at one point: thousands of resamples in the time of tens, with nothing of the spread within.
    case map
}

/// How many bootstrap resamples, what they vary, and the length of their blocks of periods.
package struct ResamplingSpecification: Sendable, Hashable {
    package var resamples: Int
    package var scheme: ResampleScheme
    /// Periods in a block; nil chooses it from the data.
    package var blockLength: Int?
    package var method: ResampleMethod
    /// Resamples in one task; nil chooses it from their number and the method.
    package var perTask: Int?

    package init(
        resamples: Int = 0, scheme: ResampleScheme = .blockGamma, blockLength: Int? = nil,
        method: ResampleMethod = .sampled, perTask: Int? = nil
    ) {
        self.resamples = resamples
        self.scheme = scheme
        self.blockLength = blockLength
        self.method = method
        self.perTask = perTask
    }

    /// What a plan may have, wherever it is asked for.
    package static let resampleCounts = 0...100_000
    package static let blockLengths = 1...10_000
    package static let perTaskCounts = 1...10_000
}
