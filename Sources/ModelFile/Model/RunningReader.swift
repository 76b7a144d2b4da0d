import ModelDefinition
import Wording

/// Reads how the model is fitted, and how results are told: `reporting`, `report`, `holdout`, `sampling`, `resampling` and `seed`.
struct RunningReader {
    private let context: SectionContext
    private let holdoutSection: YAMLSection?

    /// Says what the holdout lacks.
    init(_ context: SectionContext) {
        self.context = context
        holdoutSection = context.top.section("holdout")
        holdoutSection?.require("last", mend: "give the number of periods to predict, as `holdout: {last: 8}`.")
    }

    func reporting() -> ReportingCalendar {
        var calendar = ReportingCalendar()
        guard let section = context.top.section("reporting") else { return calendar }
        calendar.months = section.choice("months", ReportingCalendar.Months.self) ?? calendar.months
        calendar.firstMonth = section.integer("first_month") ?? calendar.firstMonth
        return calendar
    }

    func report() -> ReportSpecification {
        var report = ReportSpecification()
        guard let section = context.top.section("report") else { return report }
        report.language = section.choice("lang", Language.self) ?? report.language
        report.audience = section.choice("audience", ReportSpecification.Audience.self) ?? report.audience
        return report
    }

    /// Periods at the end that are predicted.
    func holdout() -> Int { holdoutSection?.integer("last") ?? 0 }

    func sampling(_ hierarchy: ReadHierarchy) -> SamplingSpecification {
        let target = SamplingSpecification.targetAcceptance(
            hierarchy.blocks, pooling: hierarchy.pooling, hasGeos: context.hasGeos)
        var sampling = SamplingSpecification(targetAcceptance: target)
        guard
            let section = context.top.section("sampling")
        else { return sampling }
        sampling.until = section.choice("until", StoppingRule.self) ?? sampling.until
        sampling.start = section.choice("start", ChainStart.self) ?? sampling.start
        sampling.chains = section.integer("chains") ?? sampling.chains
        sampling.warmup = section.integer("warmup") ?? sampling.warmup
        sampling.draws = section.integer("draws") ?? sampling.until.drawsByDefault
        sampling.targetAcceptance = section.number("target_accept", mend: "write a share, as 0.8.") ?? target
        sampling.metric = section.choice("metric", SamplerMetric.self) ?? sampling.metric
        sampling.form = section.choice("form", PosteriorForm.self) ?? sampling.form
        return sampling
    }

    func resampling() -> ResamplingSpecification {
        var resampling = ResamplingSpecification()
        guard let section = context.top.section("resampling") else { return resampling }
        resampling.resamples = section.integer("resamples") ?? 0
        resampling.scheme = section.choice("scheme", ResampleScheme.self) ?? resampling.scheme
        resampling.method = section.choice("method", ResampleMethod.self) ?? resampling.method
        if section.text("per_task") != "auto" {
            resampling.perTask = section.integer("per_task", in: ResamplingSpecification.perTaskCounts)
        }
        if resampling.scheme.weighsGeos, !context.hasGeos {
            section.problem(
                "scheme", "'resampling.scheme: \(resampling.scheme.rawValue)' weighs geos, and the data have none.",
                mend: "name their column in `data.geo`, or write block_gamma.")
        }
        if resampling.scheme.replacesKPI, context.likelihood == .truncatedNormal {
            section.problem(
                "scheme",
                "'resampling.scheme: \(resampling.scheme.rawValue)' may make a KPI below 0, which the likelihood excludes.",
                mend: "write block_gamma, or another likelihood.")
        }
        if section.node("block_length") != nil, !resampling.scheme.hasBlocks {
            section.problem(
                "block_length", "'resampling.scheme: \(resampling.scheme.rawValue)' has no blocks of periods.",
                mend: "remove it, or write `scheme: block_gamma`.")
        } else if section.text("block_length") != "auto" {
            resampling.blockLength = section.integer("block_length", in: ResamplingSpecification.blockLengths)
        }
        return resampling
    }

    func seed() -> UInt64 {
        guard context.top.node("seed") != nil else { return 1 }
        guard let text = context.top.text("seed"), let seed = UInt64(text) else {
            context.top.problem(
                "seed", "'seed' must be a whole number from 0 to 2^64 − 1.", mend: "write such a number.")
            return 1
        }
        return seed
    }
}
