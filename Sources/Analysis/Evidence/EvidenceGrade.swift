/// What a reported figure stands on.
package enum EvidenceGrade: String, Sendable, Hashable, CaseIterable, Codable {
    /// A lift test that says more than the prior did.
    case liftTested = "lift-tested"
    /// The data: with other periods it would move as far as its interval says.
    case dataDriven = "data-driven"
    /// Data and prior, each in part.
    case mixed
    /// The prior: the data say little of it.
    case priorDriven = "prior-driven"
    /// Data that the model does not describe: with other periods it would move further than its interval says, or successive
    /// residuals go together and the model has them independent.
    case misspecified
}

/// What a grade is given by.
package struct EvidenceFigures: Sendable, Hashable, Codable {
    /// The variance of the posterior mean between resamples, by the infinitesimal jackknife, ÷ the posterior variance, on
    /// the scale of `prior`: near 1 for a right model whose prior says nothing, 0 where the data say nothing.
    package var evidenceRatio: Double
    /// Nil where the prior of the quantity is not known.
    package var prior: PriorComparison?
    /// Of successive residuals; nil where the model has its own correlation of errors, or periods are few.
    package var residualCorrelation: Double?
    /// Whether a lift test says more of it than the prior.
    package var isTested: Bool

    package init(
        evidenceRatio: Double, prior: PriorComparison?, residualCorrelation: Double? = nil, isTested: Bool = false
    ) {
        self.evidenceRatio = evidenceRatio
        self.prior = prior
        self.residualCorrelation = residualCorrelation
        self.isTested = isTested
    }

    /// Posterior variance ÷ prior variance, at most 1; 0 where the prior is not known.
    private var priorShare: Double { min(1, prior?.varianceShare ?? 0) }

    /// The data's part of what is known, from 0 to 1. For a normal mean with the right errors the evidence ratio is one less
    /// the prior's share, and so this is.
    package var dataShare: Double {
        let sum = evidenceRatio + priorShare
        return sum > 0 ? evidenceRatio / sum : 0
    }

    /// The prior-aware mismatch index (`MismatchIndex`) with the variance between resamples from the infinitesimal jackknife.
    /// Nil where the data say too little to be judged by.
    package var mismatchIndex: Double? {
        guard priorShare < PriorComparison.informedShareMax else { return nil }
        return MismatchIndex.priorAware(variance: 1, bagged: 1 + evidenceRatio, priorShare: priorShare)
    }

    package var grade: EvidenceGrade {
        let isOverconfident = (mismatchIndex ?? 0) > EvidenceLimits.mismatch
        if isTested { return isOverconfident ? .misspecified : .liftTested }
        if saysLittle { return .priorDriven }
        if isOverconfident || (residualCorrelation ?? 0) > EvidenceLimits.residualCorrelation { return .misspecified }
        return dataShare >= EvidenceLimits.dataDriven ? .dataDriven : .mixed
    }

    /// A posterior that is neither much narrower than its prior nor elsewhere owes nothing to the data.
    private var saysLittle: Bool {
        guard let prior else { return dataShare < EvidenceLimits.priorDriven }
        return dataShare < EvidenceLimits.priorDriven && prior.intervalShare >= EvidenceLimits.halfInterval
            && abs(prior.shift) < EvidenceLimits.shift
    }
}

/// Where grades part. They were set on simulated worlds whose grade is known: Deploy/evidence/results.md has how often they
/// are right on others.
package enum EvidenceLimits {
    /// Least `dataShare` of a data-driven figure.
    package static let dataDriven = 0.75
    /// `dataShare` below which a figure may be prior-driven.
    package static let priorDriven = 0.15
    /// A posterior interval below this part of the prior's is never prior-driven.
    package static let halfInterval = 0.5
    /// Nor is one whose median lies as many prior standard deviations from the prior's.
    package static let shift = 1.0
    /// Largest mismatch index of a model that describes its data: 0.5 is a variance between resamples of three times what
    /// the posterior says.
    package static let mismatch = 0.5
    /// Largest correlation of successive residuals of a model that has them independent: what moves as slowly as they do has a
    /// variance of (1 + 0.4²) ÷ (1 − 0.4²) = 1.4 times what such a model says, and a level (1 + 0.4) ÷ (1 − 0.4) = 2.3 times.
    package static let residualCorrelation = 0.4
}
