import CNetCDF
import Densities
import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Results
import Testing

/// A fit with what its groups hold, and the model that says what they should hold.
private struct WrittenFit {
    let result: FitResult
    let groups: [String: NetCDFGroup]

    init(_ specification: ModelSpecification, _ dataset: Dataset) throws {
        result = try SequentialFit.run(
            model: MarketingMixModel(specification: specification, dataset: dataset),
            settings: FitSettings(specification))
        groups = Dictionary(
            uniqueKeysWithValues: InferenceData(result, version: "0.0").groups.map { ($0.name, $0) })
    }

    var model: MarketingMixModel { result.model }
    var drawCount: Int { result.settings.chains * result.settings.draws }

    func group(_ name: String) throws -> NetCDFGroup { try #require(groups[name], "there is no group \(name)") }

    func numbers(_ name: String, in group: String) throws -> [Double] {
        let variable = try self.group(group).variables.first { $0.name == name }
        switch try #require(variable, "\(group) has no \(name)").values {
        case .doubles(let values): return values
        case .computed(let count, let values):
            let draws = try self.group(group).dimensions.prefix(2).map(\.labels).reduce(1) { product, labels in
                if case .index(let count) = labels { product * count } else { product }
            }
            let all = values(0..<draws)
            // Whoever asks for a part gets that part.
            let width = all.count / draws
            #expect(all.count == count)
            // By their bits: a cell that is not predicted is no number, which equals nothing.
            #expect(values(1..<3).map(\.bitPattern) == all[width..<3 * width].map(\.bitPattern))
            return all
        default: return []
        }
    }

    /// The vector that `tutti logp` takes, of each draw.
    func coordinates() throws -> [[Double]] {
        let group = try group("unconstrained_posterior")
        let order = try #require(group.attributes.first { $0.name == "order" }).value.components(separatedBy: ", ")
        #expect(order == group.variables.map(\.name))
        let columns = try order.map { try numbers($0, in: group.name) }
        return (0..<drawCount).map { draw in
            columns.flatMap { values in
                let width = values.count / drawCount
                return values[draw * width..<(draw + 1) * width]
            }
        }
    }

    /// What is fitted in each cell, and the residual scale there, in KPI units.
    func fitted(_ constrained: [Double]) -> (mean: [Double], scale: [Double]) {
        let cells = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        model.decompose(constrained: constrained, into: &values, fitted: &fitted)
        let scales = model.residualScales(constrained: constrained)
        return (fitted, (0..<cells).map { scales[$0 / model.dataset.periodCount] })
    }
}

extension ResultsTests {
    @Suite("groups of a fit's file")
    struct InferenceDataTests {
        private static let start = CalendarDate(year: 2024, month: 1, day: 1)!

        private static func specification(_ pooling: Pooling = .complete) -> ModelSpecification {
            var specification = ModelSpecification(
                name: "series", preset: .tutti, kpi: KPI(kind: .units, currency: "", margin: nil),
                channels: [
                    Channel(
                        name: "tv", kind: .performance, adstock: Adstock(kind: .geometric, maximumLag: 3),
                        saturation: .none, effect: .coefficient,
                        priors: [.alpha: .beta(a: 1, b: 3), .beta: .halfNormal(scale: 0.7)])
                ],
                controls: ["price"], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
                priors: [
                    "intercept": .normal(mean: 0.2, sd: 1.5), "sigma": .halfNormal(scale: 0.4),
                    "control": .laplace(mean: 0.1, scale: 0.3),
                ], sampling: SamplingSpecification(chains: 2, warmup: 100, draws: 60),
                resampling: ResamplingSpecification(resamples: 0), seed: 5)
            specification.pooling = pooling
            return specification
        }

        private static func dataset(geos: [String] = [], held: Int = 0) -> Dataset {
            let (periods, count) = (40, max(1, geos.count))
            var stream = RandomStream(key: StreamKey(seed: 3, kind: 99, index: 0), iteration: 0, site: 0)
            let media = (0..<periods * count).map { _ in 100 * stream.uniform() }
            let price = (0..<periods * count).map { _ in stream.normal() }
            var data = Dataset(
                frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) },
                kpi: media.indices.map { 500 + 2 * media[$0] - 10 * price[$0] + 20 * stream.normal() },
                revenuePerKPI: Array(repeating: 1, count: periods * count), spend: [media], exposure: [media],
                controls: [Regressor(name: "price", values: price)], events: [], holidays: [], geos: geos)
            data.holdOut(last: held)
            return data
        }

        private let plain: WrittenFit

        init() throws { plain = try WrittenFit(Self.specification(), Self.dataset(held: 6)) }

        /// The distance of numbers, of those that are far from 0 as a share.
        private func agree(_ a: Double, _ b: Double, _ bound: Double) -> Bool {
            abs(a - b) <= bound * max(1, abs(b))
        }

        @Test("log_prior is by parameter the closed form of its prior at the draw, and has no variable besides")
        func closedForms() throws {
            let halfLogTwoPi = 0.5 * log(2 * Double.pi)
            func halfNormal(_ v: Double, _ s: Double) -> Double {
                log(2) - log(s) - halfLogTwoPi - 0.5 * (v / s) * (v / s)
            }
            // Beta(1, 3): 3 (1 - v)^2; Laplace: exp(-|v - m| / b) / 2 b.
            let densities: [String: (Double) -> Double] = [
                "intercept": { -log(1.5) - halfLogTwoPi - 0.5 * (($0 - 0.2) / 1.5) * (($0 - 0.2) / 1.5) },
                "alpha": { log(3) + 2 * log(1 - $0) }, "beta": { halfNormal($0, 0.7) },
                "sigma": { halfNormal($0, 0.4) },
                "gamma_control": { -log(0.6) - abs($0 - 0.1) / 0.3 },
            ]
            let group = try plain.group("log_prior")
            try #require(Set(group.variables.map(\.name)) == Set(densities.keys), "\(group.variables.map(\.name))")
            for (name, density) in densities {
                let draws = try plain.numbers(name, in: "posterior")
                let terms = try plain.numbers(name, in: "log_prior")
                #expect(draws.count == plain.drawCount && terms.count == plain.drawCount)
                for (value, term) in zip(draws, terms) { #expect(agree(term, density(value), 1e-12), "\(name)") }
            }
        }

        @Test("unconstrained_posterior has log v of what is positive, log v/(1 - v) of shares, and others as they are")
        func transforms() throws {
            let maps: [(name: String, own: String, map: (Double) -> Double)] = [
                ("intercept", "intercept", { $0 }), ("alpha_logodds__", "alpha", { log($0 / (1 - $0)) }),
                ("beta_log__", "beta", { log($0) }), ("sigma_log__", "sigma", { log($0) }),
                ("gamma_control", "gamma_control", { $0 }),
            ]
            let group = try plain.group("unconstrained_posterior")
            #expect(Set(group.variables.map(\.name)) == Set(maps.map(\.name)))
            for (name, own, map) in maps {
                let values = try plain.numbers(name, in: group.name)
                let draws = try plain.numbers(own, in: "posterior")
                #expect(values.count == plain.drawCount)
                for (value, draw) in zip(values, draws) { #expect(agree(value, map(draw), 1e-12), "\(name)") }
            }
            let marginalized = try plain.group("posterior").attributes.first { $0.name == "marginalized_variables" }
            // The one with a Gaussian prior on a linear term.
            #expect(marginalized?.value == "intercept")
        }

        @Test(
            "at unconstrained_posterior the model has the prior of log_prior, the likelihood of log_likelihood, and their sum",
            arguments: [Pooling.complete, .none, .partial])
        func parts(pooling: Pooling) throws {
            let fit = try WrittenFit(
                Self.specification(pooling), Self.dataset(geos: ["north", "south", "west"], held: 4))
            let priors = try fit.group("log_prior").variables.map { try fit.numbers($0.name, in: "log_prior") }
            let likelihoods = try fit.numbers("kpi", in: "log_likelihood")
            let cells = fit.model.dataset.cellCount
            let known = fit.model.dataset.knownCells
            for (draw, position) in try fit.coordinates().enumerated() {
                // What `tutti logp` prints.
                let parts = fit.model.evaluate(unconstrained: position)
                let prior = priors.reduce(0) { $0 + $1[draw] }
                #expect(agree(prior, parts.prior, 1e-10), "draw \(draw)")
                // Its likelihood is of the scaled KPI.
                let likelihood = known.reduce(0) {
                    $0 + likelihoods[draw * cells + $1] + log(fit.model.kpiUnit(ofCell: $1))
                }
                #expect(agree(likelihood, parts.likelihood, 1e-9))
                #expect(agree(prior + likelihood + parts.jacobian, parts.logDensity, 1e-9))
            }
        }

        @Test(
            "step_size_nom is the middle of what a chain's step sizes vary by a tenth about, and absent where they do not"
        )
        func nominalStepSizes() throws {
            let nominal = try plain.numbers("step_size_nom", in: "sample_stats")
            let taken = try plain.numbers("step_size", in: "sample_stats")
            let draws = plain.result.settings.draws
            try #require(nominal.count == 2 && taken.count == 2 * draws)
            for (chain, middle) in nominal.enumerated() {
                let ratios = taken[chain * draws..<(chain + 1) * draws].map { $0 / middle }
                #expect(ratios.allSatisfy { abs($0 - 1) <= 0.1 + 1e-12 })
                // Sixty uniform numbers come near both ends.
                #expect(ratios.contains { $0 > 1.08 } && ratios.contains { $0 < 0.92 })
            }
            var specification = Self.specification()
            specification.sampling.metric = .diagonal
            let fixed = try WrittenFit(specification, Self.dataset())
            #expect(try !fixed.group("sample_stats").variables.contains { $0.name == "step_size_nom" })
            #expect(Set(try fixed.numbers("step_size", in: "sample_stats")).count == 2)
        }

        @Test("prior_predictive scatters about what is fitted at the draws of prior, by their own residual scale")
        func priorPredictive() throws {
            let names = plain.model.layout.blocks.map(\.name)
            let columns = try names.map { try plain.numbers($0, in: "prior") }
            let replicated = try plain.numbers("kpi", in: "prior_predictive")
            let (count, cells) = (500, plain.model.dataset.cellCount)
            #expect(replicated.count == count * cells && columns.allSatisfy { $0.count == count })
            let residuals = (0..<count).flatMap { draw in
                let (mean, scale) = plain.fitted(columns.map { $0[draw] })
                return (0..<cells).map { (replicated[draw * cells + $0] - mean[$0]) / scale[$0] }
            }
            expectStandardNormal(residuals)
            let dimensions = try plain.group("prior_predictive").dimensions.map(\.name)
            #expect(dimensions == ["chain", "draw", "date"])
        }

        @Test("predictions are of held-out cells and scatter about what is fitted there, with what came beside them")
        func predictions() throws {
            let data = Self.dataset()
            let predicted = try plain.numbers("kpi", in: "predictions")
            let constrained = try plain.model.layout.blocks.map { try plain.numbers($0.name, in: "posterior") }
            #expect(predicted.count == plain.drawCount * 6)
            let residuals = (0..<plain.drawCount).flatMap { draw in
                let (mean, scale) = plain.fitted(constrained.map { $0[draw] })
                return (0..<6).map { (predicted[draw * 6 + $0] - mean[34 + $0]) / scale[34 + $0] }
            }
            expectStandardNormal(residuals)
            for name in ["predictions", "predictions_constant_data"] {
                let dates = try #require(try plain.group(name).dimensions.first { $0.name == "date" })
                guard case .dates(let days) = dates.labels else {
                    Issue.record("\(name) has no dates")
                    continue
                }
                #expect(days == (34..<40).map { Self.start.advanced(by: 7 * $0).dayNumber })
            }
            let constants = "predictions_constant_data"
            #expect(try plain.numbers("kpi", in: constants) == Array(data.kpi.suffix(6)))
            #expect(try plain.numbers("spend", in: constants) == Array(data.spend[0].suffix(6)))
            #expect(try plain.numbers("control_data", in: constants) == Array(data.controls[0].values.suffix(6)))
            let whole = try WrittenFit(Self.specification(), data)
            #expect(whole.groups["predictions"] == nil && whole.groups[constants] == nil)
        }

        @Test("of a panel a held-out cell whose KPI did not come either is not predicted, and each stands at its place")
        func holes() throws {
            var data = Self.dataset(geos: ["north", "south"])
            data.kpi[39] = .nan
            let actual = data.kpi
            data.holdOut(last: 3)
            let fit = try WrittenFit(Self.specification(), data)
            let predicted = try fit.numbers("kpi", in: "predictions")
            #expect(try fit.group("predictions").dimensions.map(\.name) == ["chain", "draw", "geo", "date"])
            let cells = [37, 38, 39, 77, 78, 79]
            let constrained = try fit.model.layout.blocks.map { try fit.numbers($0.name, in: "posterior") }
            var residuals: [Double] = []
            for draw in 0..<fit.drawCount {
                let (mean, scale) = fit.fitted(constrained.map { $0[draw] })
                for (place, cell) in cells.enumerated() {
                    let value = predicted[draw * 6 + place]
                    #expect(value.isNaN == (cell == 39))
                    if cell != 39 { residuals.append((value - mean[cell]) / scale[cell]) }
                }
            }
            expectStandardNormal(residuals)
            let came = try fit.numbers("kpi", in: "predictions_constant_data")
            #expect(zip(came, cells).allSatisfy { $0 == actual[$1] || $0.isNaN && actual[$1].isNaN })
        }

        /// Independent of each other: mean and standard deviation within four standard errors, a false alarm once in 8,000,
        /// and seeds are fixed.
        private func expectStandardNormal(_ values: [Double]) {
            let count = Double(values.count)
            let mean = values.reduce(0, +) / count
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            #expect(abs(mean) < 4 / count.squareRoot(), "mean \(mean) of \(values.count)")
            #expect(abs(variance.squareRoot() - 1) < 4 / (2 * count).squareRoot(), "sd \(variance.squareRoot())")
        }

        @Test("numbers that are computed as they are written are in the file as those that are held")
        func slabs() throws {
            let (chains, draws, width) = (2, 70_001, 3)
            let numbers = SyntheticResults.numbers(chains * draws * width, seed: 31)
            let group = NetCDFGroup(
                name: "posterior",
                dimensions: [
                    NetCDFDimension(name: "chain", labels: .index(chains)),
                    NetCDFDimension(name: "draw", labels: .index(draws)),
                    NetCDFDimension(name: "channel", labels: .text(SyntheticResults.names)),
                ],
                variables: [
                    NetCDFVariable(
                        name: "many", dimensions: ["chain", "draw", "channel"],
                        values: .computed(count: numbers.count) { range in
                            Array(numbers[range.lowerBound * width..<range.upperBound * width])
                        }),
                    NetCDFVariable(
                        name: "few", dimensions: ["chain", "draw"],
                        values: .computed(count: chains * draws) { range in range.map { numbers[$0] } }),
                ])
            let path = temporaryFolder() + ".nc"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try NetCDFFile.write(groups: [group], attributes: [], to: path)
            var (file, groupID): (Int32, Int32) = (0, 0)
            try #require(nc_open(path, NC_NOWRITE, &file) == NC_NOERR)
            defer { nc_close(file) }
            try #require(nc_inq_grp_ncid(file, "posterior", &groupID) == NC_NOERR)
            for (name, expected) in [("many", numbers), ("few", Array(numbers.prefix(chains * draws)))] {
                var id: Int32 = 0
                try #require(nc_inq_varid(groupID, name, &id) == NC_NOERR)
                var read = [Double](repeating: -1, count: expected.count)
                try #require(nc_get_var_double(groupID, id, &read) == NC_NOERR)
                #expect(read == expected)
            }
        }
    }
}
