import Analysis
import Fitting
import MarketingMix
import ModelDefinition
import Posterior

/// A fit in ArviZ's InferenceData layout.
package struct InferenceData {
    let result: FitResult
    /// Of the program.
    private let version: String

    package init(_ result: FitResult, version: String) {
        self.result = result
        self.version = version
    }

    package var groups: [NetCDFGroup] {
        var groups = [
            posterior, unconstrainedPosterior, sampleStatistics, logPrior, prior, observed, constants,
        ]
        if let predictive = priorPredictive { groups.append(predictive) }
        if let prediction = result.prediction {
            let unit = ResultUnits(result).kpi
            groups.append(
                perCell(
                    "log_likelihood", PosteriorFile.logLikelihood,
                    units: "log density of the KPI, per \(unit)", prediction.logLikelihood))
            groups.append(
                perCell(
                    "posterior_predictive", PosteriorFile.replicatedKPI, units: unit, prediction.replicated))
        }
        if let heldOut = result.heldOut { groups += predictions(heldOut) }
        if !result.divergences.isEmpty { groups.append(divergences) }
        if !result.resamples.isEmpty { groups.append(bootstrap) }
        return groups
    }

    var sampling: [NetCDFDimension] {
        [
            NetCDFDimension(name: "chain", labels: .index(result.draws.chainCount)),
            NetCDFDimension(name: "draw", labels: .index(result.draws.drawCount)),
        ]
    }

    /// `date`; before it `geo` where the data is a panel.
    var cells: [NetCDFDimension] { cells(result.model.dataset.dates.indices) }

    /// The same of some periods.
    func cells(_ periods: some Collection<Int>) -> [NetCDFDimension] {
        let data = result.model.dataset
        let dates = NetCDFDimension(name: "date", labels: .dates(periods.map { data.dates[$0].dayNumber }))
        return data.geos.isEmpty ? [dates] : [NetCDFDimension(name: "geo", labels: .text(data.geos)), dates]
    }

    var attributes: [(name: String, value: String)] {
        [
            ("inference_library", "tutti"), ("inference_library_version", version),
            ("creation_library", "tutti"), ("creation_library_version", version),
            ("creation_library_language", "Swift"), ("name", result.model.specification.name),
            ("sample_dims", "chain, draw"), ("tuning_steps", String(result.settings.warmup)),
            ("sampled_variables", result.draws.variables.map(\.name).joined(separator: ", ")),
        ]
    }

    // MARK: Groups

    private var posterior: NetCDFGroup {
        var dimensions = sampling
        var variables: [NetCDFVariable] = []
        func add(_ name: String, _ own: [Dimension], _ values: [Double]) {
            for dimension in own where !dimensions.contains(where: { $0.name == dimension.name }) {
                dimensions.append(NetCDFDimension(name: dimension.name, labels: .text(dimension.labels)))
            }
            variables.append(
                NetCDFVariable(
                    name: name, dimensions: ["chain", "draw"] + own.map(\.name), values: .doubles(values)))
        }
        for (variable, name) in zip(result.draws.variables, result.naming.names) where !name.isReported {
            add(variable.name, variable.dimensions, variable.values)
        }
        for (field, dimension, values) in quantities(result.analysis.quantities) {
            add(field.name, dimension.map { [$0] } ?? [], values)
        }
        let marginalized = result.model.posterior(weights: nil).marginalizedNames
        return NetCDFGroup(
            name: "posterior", dimensions: dimensions, variables: variables,
            attributes: attributes
                + (marginalized.isEmpty ? [] : [("marginalized_variables", marginalized.joined(separator: "; "))]))
    }

    /// Reported quantities as variables: `contribution` over all channels, `roi` and `mroi` over those with spend, `lift`
    /// over experiments, `baseline` and `total`; values draw-major.
    private func quantities(
        _ quantities: [Quantity]
    ) -> [(field: ResultField, dimension: Dimension?, values: [Double])] {
        let channels = result.model.specification.channels.map(\.name)
        func series(_ kind: String, _ channel: String) -> [Double]? {
            quantities.first { $0.name == "\(kind)[\(channel)]" }?.draws
        }
        func interleaved(_ kind: String, _ names: [String]) -> [Double] {
            let all = names.compactMap { series(kind, $0) }
            return (all.first ?? []).indices.flatMap { draw in all.map { $0[draw] } }
        }
        let paid = channels.filter { series("roi", $0) != nil }
        var variables: [(ResultField, Dimension?, [Double])] = [
            (
                PosteriorFile.contribution, Dimension(name: "contribution_channel", labels: channels),
                interleaved("contribution", channels)
            )
        ]
        if !paid.isEmpty {
            let dimension = Dimension(name: "paid_channel", labels: paid)
            variables.append((PosteriorFile.roi, dimension, interleaved("roi", paid)))
            variables.append((PosteriorFile.marginalROI, dimension, interleaved("mroi", paid)))
        }
        let tests = result.model.specification.experiments.map(\.name)
        if !tests.isEmpty {
            variables.append(
                (PosteriorFile.lift, Dimension(name: "experiment", labels: tests), interleaved("lift", tests)))
        }
        for field in [PosteriorFile.baseline, PosteriorFile.total] {
            if let draws = quantities.first(where: { $0.name == field.name })?.draws {
                variables.append((field, nil, draws))
            }
        }
        return variables
    }

    private var sampleStatistics: NetCDFGroup {
        let statistics = result.draws.statistics
        func variable(_ field: ResultField, _ values: NetCDFVariable.Values) -> NetCDFVariable {
            NetCDFVariable(field, dimensions: ["chain", "draw"], values: values)
        }
        let nominal = result.nominalStepSizes
        let nominalStepSize =
            nominal.isEmpty
            ? []
            : [NetCDFVariable(PosteriorFile.nominalStepSize, dimensions: ["chain"], values: .doubles(nominal))]
        return NetCDFGroup(
            name: "sample_stats", dimensions: sampling,
            variables: [
                variable(PosteriorFile.logDensity, .doubles(statistics.map(\.logDensity))),
                variable(PosteriorFile.acceptanceRate, .doubles(statistics.map(\.acceptanceRate))),
                variable(PosteriorFile.stepSize, .doubles(statistics.map(\.stepSize))),
            ] + nominalStepSize + [
                variable(PosteriorFile.energy, .doubles(statistics.map(\.energy))),
                variable(PosteriorFile.treeDepth, .integers(statistics.map { Int64($0.treeDepth) })),
                variable(PosteriorFile.leapfrogs, .integers(statistics.map { Int64($0.leapfrogs) })),
                variable(PosteriorFile.diverging, .booleans(statistics.map(\.diverging))),
                variable(PosteriorFile.reachedMaximumDepth, .booleans(statistics.map(\.reachedMaximumDepth))),
            ], attributes: attributes)
    }

    /// Places of divergences, with the chain and the draw of each.
    private var divergences: NetCDFGroup {
        let places = result.divergences
        var dimensions = [NetCDFDimension(name: "divergence", labels: .index(places.count))]
        var variables = [
            NetCDFVariable(
                PosteriorFile.divergenceChain, dimensions: ["divergence"],
                values: .integers(places.map { Int64($0.chain) })),
            NetCDFVariable(
                PosteriorFile.divergenceDraw, dimensions: ["divergence"],
                values: .integers(places.map { Int64($0.draw) })),
        ]
        for (block, name) in zip(result.model.layout.blocks, result.naming.names) {
            for own in block.dimensions where !dimensions.contains(where: { $0.name == own.name }) {
                dimensions.append(NetCDFDimension(name: own.name, labels: .text(own.labels)))
            }
            variables.append(
                NetCDFVariable(
                    name: name.text, dimensions: ["divergence"] + block.dimensions.map(\.name),
                    values: .doubles(places.flatMap { $0.parameters[block.offset..<block.offset + block.count] })))
        }
        return NetCDFGroup(
            name: "divergences", dimensions: dimensions, variables: variables, attributes: attributes)
    }

    private func perCell(
        _ name: String, _ field: ResultField, units: String, _ values: [Double]
    ) -> NetCDFGroup {
        NetCDFGroup(
            name: name, dimensions: sampling + cells,
            variables: [
                NetCDFVariable(
                    field, dimensions: ["chain", "draw"] + cells.map(\.name), values: .doubles(values))
            ], attributes: attributes + [("units", units)])
    }

    private var prior: NetCDFGroup {
        let names = result.naming.names
        return parameters("prior", sampling: priorSampling) { index, block in
            (
                name: names[index].text,
                values: .doubles(result.prior.flatMap { $0[block.offset..<block.offset + block.count] })
            )
        }
    }

    /// A variable a block of parameters, over draws and the block's own dimensions.
    func parameters(
        _ name: String, sampling: [NetCDFDimension],
        variable: (Int, ParameterBlock) -> (name: String, values: NetCDFVariable.Values)
    ) -> NetCDFGroup {
        var dimensions = sampling
        var variables: [NetCDFVariable] = []
        for (index, block) in result.model.layout.blocks.enumerated() {
            for own in block.dimensions where !dimensions.contains(where: { $0.name == own.name }) {
                dimensions.append(NetCDFDimension(name: own.name, labels: .text(own.labels)))
            }
            let (name, values) = variable(index, block)
            variables.append(
                NetCDFVariable(
                    name: name, dimensions: ["chain", "draw"] + block.dimensions.map(\.name), values: values))
        }
        return NetCDFGroup(name: name, dimensions: dimensions, variables: variables, attributes: attributes)
    }

    private var observed: NetCDFGroup {
        NetCDFGroup(
            name: "observed_data", dimensions: cells,
            variables: [
                NetCDFVariable(
                    PosteriorFile.kpi, dimensions: cells.map(\.name), values: .doubles(result.model.dataset.kpi)
                )
            ], attributes: attributes + [("units", ResultUnits(result).kpi)])
    }

    private var constants: NetCDFGroup { constants("constant_data", periods: result.model.dataset.dates.indices) }

    /// Media and controls of some periods.
    func constants(_ name: String, periods: some Collection<Int>) -> NetCDFGroup {
        let data = result.model.dataset
        let channels = result.model.specification.channels.map(\.name)
        func byCell(_ columns: [[Double]]) -> NetCDFVariable.Values {
            .doubles(
                (0..<data.geoCount).flatMap { geo in
                    periods.flatMap { period in columns.map { $0[geo * data.periodCount + period] } }
                })
        }
        let cells = cells(periods)
        let names = cells.map(\.name)
        var dimensions = cells + [NetCDFDimension(name: "channel", labels: .text(channels))]
        var variables = [
            NetCDFVariable(PosteriorFile.spend, dimensions: names + ["channel"], values: byCell(data.spend)),
            NetCDFVariable(PosteriorFile.exposure, dimensions: names + ["channel"], values: byCell(data.exposure)),
        ]
        if !data.controls.isEmpty {
            dimensions.append(NetCDFDimension(name: "control", labels: .text(data.controls.map(\.name))))
            variables.append(
                NetCDFVariable(
                    PosteriorFile.controls, dimensions: names + ["control"], values: byCell(data.controls.map(\.values))
                ))
        }
        return NetCDFGroup(
            name: name, dimensions: dimensions, variables: variables, attributes: attributes)
    }

    private var bootstrap: NetCDFGroup {
        let each = result.settings.resampleDraws
        var dimensions = [
            NetCDFDimension(name: "resample", labels: .index(result.resamples.count)),
            NetCDFDimension(name: "chain", labels: .index(each.chains)),
            NetCDFDimension(name: "draw", labels: .index(each.draws)),
        ]
        var variables: [NetCDFVariable] = []
        let all = result.resamples.map { quantities($0) }
        for (index, first) in (all.first ?? []).enumerated() {
            if let own = first.dimension, !dimensions.contains(where: { $0.name == own.name }) {
                dimensions.append(NetCDFDimension(name: own.name, labels: .text(own.labels)))
            }
            variables.append(
                NetCDFVariable(
                    first.field,
                    dimensions: ["resample", "chain", "draw"] + (first.dimension.map { [$0.name] } ?? []),
                    values: .doubles(all.flatMap { $0[index].values })))
        }
        return NetCDFGroup(
            name: "bootstrap", dimensions: dimensions, variables: variables,
            attributes: attributes + [("resample_method", result.settings.resampleMethod.rawValue)])
    }
}
