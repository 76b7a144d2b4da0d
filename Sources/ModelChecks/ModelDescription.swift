import Densities
import MarketingMix
import ModelDefinition
import ModelFile

/// What a model is, in words for the terminal.
package struct ModelDescription {
    package let text: String

    package init(_ read: ReadModel) {
        let specification = read.specification
        let data = read.dataset
        var lines = ["\(specification.name): preset \(specification.preset.rawValue)"]
        lines.append(
            "data: \(data.periodCount) periods of one \(data.frequency.rawValue), \(data.dates[0]) to "
                + "\(data.dates[data.periodCount - 1])"
                + (data.geos.isEmpty
                    ? ""
                    : ", \(data.geos.count) geos, pooling \(Self.pooling(specification)): "
                        + ElidedList.text(data.geos)))
        lines.append(Self.words(specification.kpi, margins: data.margins))
        if specification.holdout > 0 {
            let first = data.dates[data.periodCount - specification.holdout]
            lines.append("holdout: the last \(specification.holdout) periods, from \(first) on, are not fitted")
        }
        if specification.likelihood != .normal || specification.errors != .independent {
            let errors = specification.errors == .independent ? "" : ", errors \(specification.errors.rawValue)"
            let meaning =
                specification.likelihood == .truncatedNormal
                ? "; fitted values and contributions are of its location, and the mean of the KPI is higher near 0" : ""
            lines.append("likelihood: \(specification.likelihood.rawValue)\(errors)\(meaning)")
        }
        lines.append("channels:")
        for (index, channel) in specification.channels.enumerated() {
            var parts = [
                channel.longTermOf.map { "slow component of \(specification.channels[$0].name)" }
                    ?? channel.kind.rawValue
            ]
            let spend = data.spend[index].reduce(0, +)
            if spend > 0 { parts.append("spend \(DataChecks.words(spend.rounded()))") }
            parts.append(
                channel.adstock.kind == .none
                    ? "no carry-over"
                    : "\(channel.adstock.kind.rawValue) adstock up to \(channel.adstock.maximumLag) periods")
            parts.append("\(channel.saturation.rawValue) saturation")
            if !channel.drives.isEmpty {
                parts.append(
                    "drives " + channel.drives.map { specification.channels[$0].name }.joined(separator: " and "))
            }
            lines.append("  \(channel.name): \(parts.joined(separator: ", "))")
        }
        let model = MarketingMixModel(specification: specification, dataset: data)
        lines.append("parameters (\(model.dimension)):")
        for block in model.layout.blocks {
            let labels = block.dimensions.map { "[\(ElidedList.text($0.labels))]" }.joined()
            let priors = block.priors.indices.map { index in
                model.learnedScale(of: block.offset + index).map { "normal(0, \($0))" }
                    ?? Self.words(block.priors[index])
            }
            let isShared = priors.allSatisfy { $0 == priors[0] }
            lines.append("  \(block.name)\(labels): \(isShared ? priors[0] : ElidedList.text(priors, separator: "; "))")
        }
        if !read.experimentPriors.isEmpty {
            lines.append("returns that experiments measured, and that are priors above:")
        }
        lines += read.experimentPriors.map { Self.words($0, caughtShare: $0.caughtShare(in: read, model: model)) }
        if !specification.experiments.isEmpty { lines.append("experiments in the likelihood:") }
        lines += specification.experiments.map { Self.words($0, specification) }
        let sampling = specification.sampling
        let integrated = model.posterior(weights: nil).marginalizedNames
        let sampled = model.dimension - integrated.count
        lines.append(
            integrated.isEmpty
                ? "all parameters are sampled: \(Self.whyNothingIsIntegrated(specification))"
                : "\(sampled) parameters are sampled; integrated out and drawn afterwards, being Gaussian given the rest: "
                    + integrated.joined(separator: ", "))
        lines.append(
            "sampling: \(sampling.chains) chains of \(sampling.warmup) + \(sampling.draws), "
                + "\(specification.resampling.resamples) \(specification.resampling.method == .map ? "MAP " : "")resamples, seed \(specification.seed)"
        )
        lines += read.warnings.map { "warning: \($0)" }
        text = lines.joined(separator: "\n")
    }

    /// Of all blocks, then of those that differ.
    private static func pooling(_ specification: ModelSpecification) -> String {
        let blocks = specification.hierarchy.sorted { $0.key < $1.key }.map { name, block in
            switch block {
            case .complete: "\(name) complete"
            case .independent: "\(name) none"
            case .againstLargest: "\(name) none, 0 in the largest geo"
            case .partial(let deviations): "\(name) partial with \(deviations.form.rawValue) deviations"
            }
        }
        return ([specification.pooling.rawValue] + blocks).joined(separator: "; ")
    }

    private static func words(_ kpi: KPI, margins: [Double]) -> String {
        let currency = kpi.currency.isEmpty ? "" : ", money in \(kpi.currency)"
        let vat = kpi.vat.map { ", VAT \($0.rawValue)" } ?? ""
        let low = margins.min().map(DataChecks.words) ?? ""
        let margin =
            kpi.margin.map { ", margin \(DataChecks.words($0))" }
            ?? margins.max().map { ", margin from \(low) to \(DataChecks.words($0)) by period" } ?? ""
        return "kpi: \(kpi.kind.rawValue)\(currency)\(vat)\(margin)"
    }

    private static func words(_ experiment: Experiment, _ specification: ModelSpecification) -> String {
        let channels = experiment.channels.map { specification.channels[$0].name }.joined(separator: " and ")
        let geos = experiment.geos.isEmpty ? "" : " in \(experiment.geos.joined(separator: ", "))"
        return "  \(experiment.name): \(channels)\(geos) at \(DataChecks.words(experiment.factor)) times its exposure, "
            + "\(experiment.days.lowerBound) to \(experiment.days.upperBound): lift \(DataChecks.words(experiment.lift)) with "
            + "standard error \(DataChecks.words(experiment.standardError))"
    }

    private static func whyNothingIsIntegrated(_ specification: ModelSpecification) -> String {
        guard specification.likelihood == .normal || specification.likelihood == .logNormal else {
            return
                "a likelihood of the family \(specification.likelihood.rawValue) lets no coefficient be integrated out"
        }
        return specification.sampling.form == .marginal
            ? "no coefficient of the baseline has a normal prior"
            : "the model file says `form: \(specification.sampling.form.rawValue)`"
    }

    private static func words(_ prior: ExperimentPrior, caughtShare: Double) -> String {
        let (mean, error) = (prior.estimate.mean, prior.estimate.standardError)
        return "  \(prior.channel): \(DataChecks.words(mean)) with standard error \(DataChecks.words(error)), by "
            + "\(prior.experiments.joined(separator: ", ")); by the priors about "
            + "\(DataChecks.words((100 * caughtShare).rounded())) % of the effect falls on the tested days"
    }

    private static func words(_ prior: Prior) -> String {
        switch prior {
        case .normal(let mean, let sd): "normal(\(mean), \(sd))"
        case .halfNormal(let scale): "half_normal(\(scale))"
        case .logNormal(let mean, let sd): "lognormal(\(mean), \(sd))"
        case .shiftedLogNormal(let shift, let mean, let sd): "shifted_lognormal(\(shift), \(mean), \(sd))"
        case .laplace(let mean, let scale): "laplace(\(mean), \(scale))"
        case .beta(let a, let b): "beta(\(a), \(b))"
        case .gamma(let shape, let rate): "gamma(\(shape), \(rate))"
        case .inverseGamma(let shape, let scale): "inverse_gamma(\(shape), \(scale))"
        case .exponential(let rate): "exponential(\(rate))"
        case .studentT(let degrees, let mean, let scale): "student_t(\(degrees), \(mean), \(scale))"
        case .truncatedNormal(let mean, let sd, let lower, let upper):
            "truncated_normal(\(mean), \(sd), \(lower), \(upper))"
        case .uniform(let lower, let upper): "uniform(\(lower), \(upper))"
        case .point(let value): "\(value)"
        }
    }
}
