import Analysis
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import Posterior
import Results

/// A results folder's content made of plain numbers. One channel has no spend, and one has a name that needs quotes.
enum SyntheticResults {
    static let names = ["tv", "réseaux \"A\", B", "newsletter"]
    static let chainCount = 4
    static let drawCount = 250

    /// Numbers without pattern: 31-bit Lehmer generator of Park & Miller (1988), uniform on (0, 1).
    static func numbers(_ count: Int, seed: Int) -> [Double] {
        var state = seed
        return (0..<count).map { _ in
            state = state * 48271 % 2_147_483_647
            return Double(state) / 2_147_483_647
        }
    }

    static let alpha = Variable(
        name: "alpha", dimensions: [Dimension(name: "channel", labels: names)],
        values: numbers(chainCount * drawCount * 3, seed: 11))
    static let sigma = Variable(name: "sigma", dimensions: [], values: numbers(chainCount * drawCount, seed: 12))
    static let draws = Draws(chainCount: chainCount, drawCount: drawCount, variables: [alpha, sigma], statistics: [])

    static let summaries: [(name: String, summary: Summary)] = draws.variables.flatMap { variable in
        (0..<variable.elementCount).map { element in
            (variable.elementName(element), Summary(chains: draws.series(of: variable, element: element)))
        }
    }

    static func estimate(_ seed: Int) -> Estimate { Estimate(draws: numbers(9, seed: seed)) }

    static let channels = names.enumerated().map { index, name in
        let isPaid = index < 2
        return ChannelRow(
            channel: name, spend: isPaid ? 1234.5 : 0, contribution: estimate(20 + index), share: estimate(30 + index),
            roi: isPaid ? estimate(40 + index) : nil, marginalROI: isPaid ? estimate(50 + index) : nil,
            marginROI: isPaid ? estimate(60 + index) : nil, carryoverMean: 0.1 + Double(index),
            profitMean: isPaid ? -1e-7 : nil, paybackWeeksQ50: index == 0 ? 2 : nil)
    }

    static let dates = (0..<5).map { CalendarDate(dayNumber: 19_723 + 7 * $0) }

    static let contributions = dates.flatMap { date in
        names.enumerated().map { index, name in
            ContributionRow(date: date, component: name, estimate: estimate(date.dayNumber + index))
        }
    }

    static let curve = [0.0, 1234.5, 2469].map {
        ResponseCurvePoint(channel: "tv", spend: $0, contribution: estimate(70 + Int($0)))
    }

    static let bootstrap = BootstrapAnalysis(
        posterior: [Quantity(name: "total", draws: [4, 5, 6])],
        resamples: [2.0, 6, 10].map { mean in
            [ResampledQuantity(name: "total", draws: [mean - 2, mean, mean + 2], effectiveSize: 2)]
        }
    ).rows

    static var groups: [NetCDFGroup] {
        let sampling = [
            NetCDFDimension(name: "chain", labels: .index(chainCount)),
            NetCDFDimension(name: "draw", labels: .index(drawCount)),
        ]
        let total = chainCount * drawCount
        return [
            NetCDFGroup(
                name: "posterior", dimensions: sampling + [NetCDFDimension(name: "channel", labels: .text(names))],
                variables: [
                    NetCDFVariable(
                        name: "alpha", dimensions: ["chain", "draw", "channel"], values: .doubles(alpha.values)),
                    NetCDFVariable(name: "sigma", dimensions: ["chain", "draw"], values: .doubles(sigma.values)),
                ], attributes: [("inference_library", "tutti")]),
            NetCDFGroup(
                name: "sample_stats", dimensions: sampling,
                variables: [
                    NetCDFVariable(
                        name: "tree_depth", dimensions: ["chain", "draw"],
                        values: .integers((0..<Int64(total)).map { $0 % 5 })),
                    NetCDFVariable(
                        name: "diverging", dimensions: ["chain", "draw"],
                        values: .booleans((0..<total).map { $0 % 3 == 0 })),
                ]),
            NetCDFGroup(
                name: "observed_data",
                dimensions: [NetCDFDimension(name: "date", labels: .dates(dates.map(\.dayNumber)))],
                variables: [
                    NetCDFVariable(name: "kpi", dimensions: ["date"], values: .doubles([1, 2, 3, 4, -.infinity]))
                ]),
        ]
    }

    static let run = Manifest.Run(
        name: "synthetic", version: "0.0", identity: FitIdentity(fit: "ff", model: "aa", data: "bb", binary: "cc"),
        startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:09Z", wallSeconds: 9, cpuSeconds: 12.5,
        tasks: [
            Manifest.Task(
                label: "chain 1", iterations: 750,
                attempts: [
                    Manifest.Attempt(epoch: 1, worker: "w1", startIteration: 0, lastIteration: 420, outcome: "lost"),
                    Manifest.Attempt(
                        epoch: 2, worker: "w2", startIteration: 400, lastIteration: 750, outcome: "completed"),
                ], recomputedIterations: 20, gradientEvaluations: 9000, divergences: 1, result: "dd"),
            Manifest.Task(
                label: "chain 2", iterations: 750, attempts: [], recomputedIterations: 5, gradientEvaluations: 1,
                divergences: 0, result: "ee"),
        ])

    static let plan = Manifest.Plan(
        chains: 4, warmup: 500, draws: 250, targetAccept: 0.8, resamples: 3, scheme: "block_gamma",
        resampleMethod: "sampled", blockLength: 4,
        until: "draws",
        start: "independent")

    static let manifest = Manifest(
        run: run, seed: .max, plan: plan,
        verdict: Manifest.Verdict(
            ConvergenceGate().verdict(
                quantities: [("roi[tv]", Summary(chains: [[1, .nan], [2, 1]]))], divergences: 1, draws: 1000,
                energyFractions: [])),
        warnings: [])

    static func content(
        summaries: [(name: String, summary: Summary)] = SyntheticResults.summaries,
        channels: [ChannelRow] = SyntheticResults.channels, mediation: [MediationRow] = [],
        sensitivity: [SensitivityRow] = [], evidence: [EvidenceRow] = [], influence: [InfluenceRow] = [],
        bootstrap: [BootstrapRow] = SyntheticResults.bootstrap
    ) -> ResultsContent {
        let files = [
            Tables.summary.written(summaries), Tables.contributions.written(contributions),
            Tables.channels.written(channels), Tables.responseCurves.written(curve),
            Tables.mediation.written(ifAny: mediation), Tables.sensitivity.written(ifAny: sensitivity),
            Tables.stability.written(ifAny: evidence), Tables.influence.written(ifAny: influence),
            Tables.bootstrap.written(ifAny: bootstrap),
            ("report.html", "<!doctype html><p>page</p>"),
        ]
        return ResultsContent(manifest: manifest, files: files.compactMap(\.self), groups: groups)
    }
}

/// A name for a new folder under the system's temporary one.
func temporaryFolder() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("tutti-results-\(UUID().uuidString)").path
}

/// Stands for SHA-256 where a test only asks whether bytes are vouched for: FNV-1a, 64 bits.
func digest(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return String(hash, radix: 16)
}
