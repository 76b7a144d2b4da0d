import Densities
import MarketingMix
import ModelDefinition

/// The given model with one of its choices made otherwise: a choice that a person makes and the data seldom do.
package struct ModelAlternative: Sendable {
    package enum Choice: String, Sendable, CaseIterable {
        case asGiven = "as given"
        case saturation
        case carryover = "carry-over"
        case trend
        case controls
    }

    package let choice: Choice
    /// What is chosen, in words.
    package let name: String
    package let specification: ModelSpecification

    /// The model as given, then every alternative that is not the same model.
    package static func list(_ model: MarketingMixModel) -> [ModelAlternative] {
        let given = model.specification
        var list = [ModelAlternative(choice: .asGiven, name: "", specification: given)]
        for alternative in saturations(model) + carryovers(model) + trends(model) + controls(model)
        where !list.contains(where: { $0.specification == alternative.specification }) {
            list.append(alternative)
        }
        return list
    }

    // MARK: Curves

    /// Half of all slopes between 1 and 1.9: the curve may be S-shaped, and need not.
    private static let freeSlope = Prior.logNormal(mean: 0.3, sd: 0.5)

    private static func saturations(_ model: MarketingMixModel) -> [ModelAlternative] {
        let given = model.specification
        let curves: [(name: String, saturation: Saturation, slope: Prior?)] = [
            ("Hill, slope 1", .hill, .point(1)), ("Hill, free slope", .hill, freeSlope), ("logistic", .logistic, nil),
            ("root", .root, nil),
        ]
        return curves.map { curve in
            ModelAlternative(
                choice: .saturation, name: curve.name,
                specification: given.changingChannels { channel in
                    // A curve of contacts of a person reached is another matter.
                    guard !channel.medium.hasFrequency else { return }
                    let isSame = channel.saturation == curve.saturation
                    // A free slope is the file's own where it has one.
                    if isSame, curve.slope == freeSlope, channel.priors[.slope] != .point(1) { return }
                    channel.change(to: curve.saturation, model)
                    if let slope = curve.slope, channel.longTermOf == nil { channel.priors[.slope] = slope }
                })
        }
    }

    private static func carryovers(_ model: MarketingMixModel) -> [ModelAlternative] {
        let given = model.specification
        let kernels: [(name: String, kind: Adstock.Kind)] = [
            ("geometric", .geometric), ("delayed", .delayed), ("Weibull", .weibullDensity), ("none", .none),
        ]
        return kernels.map { kernel in
            ModelAlternative(
                choice: .carryover, name: kernel.name,
                specification: given.changingChannels { channel in
                    guard channel.longTermOf == nil, channel.adstock.kind != kernel.kind else { return }
                    channel.change(to: kernel.kind, model)
                })
        }
    }

    // MARK: The baseline

    private static func trends(_ model: MarketingMixModel) -> [ModelAlternative] {
        let given = model.specification
        let data = model.dataset
        let year = 365.25 / data.frequency.meanDays
        let (half, quarter) = (Int((year / 2).rounded()), Int((year / 4).rounded()))
        var trends: [(name: String, trend: Trend)] = []
        // Without an intercept the level is the trend's.
        if given.intercept { trends += [("none", .none), ("linear", .linear)] }
        if data.periodCount > 2 * half {
            if given.intercept { trends.append(("a bend every half year", .piecewiseLinear(every: half))) }
            trends.append(("a knot every half year", .knots(.every(half))))
        }
        if data.periodCount > 2 * quarter { trends.append(("a knot every quarter", .knots(.every(quarter)))) }
        if !data.geos.isEmpty { trends.append(("a level of its own in every period", .knots(.every(1)))) }
        return trends.map { name, trend in
            var other = given
            other.trend = trend
            return ModelAlternative(choice: .trend, name: name, specification: other)
        }
    }

    private static func controls(_ model: MarketingMixModel) -> [ModelAlternative] {
        let given = model.specification
        let block = BaselineParameter.control.rawValue
        guard !model.dataset.geos.isEmpty, !given.controls.isEmpty, given.hierarchy(of: block) == .complete else {
            return []
        }
        var other = given
        other.hierarchy[block] = .partial(GeoDeviations(form: .normal, sd: .halfNormal(scale: 0.5)))
        return [ModelAlternative(choice: .controls, name: "by geo", specification: other)]
    }
}

extension ModelSpecification {
    /// With other channels, and without what families share of parameters that are gone.
    fileprivate func changingChannels(_ change: (inout Channel) -> Void) -> ModelSpecification {
        var other = self
        for index in other.channels.indices { change(&other.channels[index]) }
        for index in other.families.indices {
            let members = other.families[index].channels.map { other.channels[$0] }
            other.families[index].parameters.removeAll { pooled in
                !members.allSatisfy { $0.parameters.contains(pooled.parameter) }
            }
        }
        other.families.removeAll { $0.parameters.isEmpty }
        return other
    }
}

extension Channel {
    fileprivate mutating func change(to saturation: Saturation, _ model: MarketingMixModel) {
        guard self.saturation != saturation else { return }
        let coefficient = Effect.coefficient.parameter
        // A coefficient's default is one for its curve.
        let isDefault = priors[coefficient] == defaultPrior(coefficient, model)
        for parameter in self.saturation.parameters { priors[parameter] = nil }
        self.saturation = saturation
        if isDefault { priors[coefficient] = nil }
        addDefaultPriors(model)
    }

    fileprivate mutating func change(to kind: Adstock.Kind, _ model: MarketingMixModel) {
        for parameter in adstock.parameters { priors[parameter] = nil }
        let usual = model.specification.preset.defaults.adstock(kind: self.kind, frequency: model.dataset.frequency)
        let lags = adstock.kind == .none ? usual.maximumLag : nil
        adstock = Adstock(
            kind: kind, maximumLag: kind == .none ? 0 : lags ?? adstock.maximumLag, isNormalized: adstock.isNormalized)
        addDefaultPriors(model)
    }

    private mutating func addDefaultPriors(_ model: MarketingMixModel) {
        for parameter in parameters where priors[parameter] == nil {
            priors[parameter] = defaultPrior(parameter, model)
        }
    }

    private func defaultPrior(_ parameter: MediaParameter, _ model: MarketingMixModel) -> Prior {
        model.specification.preset.defaults.prior(
            of: parameter, kind: kind, medium: medium, adstock: adstock.kind, saturation: saturation,
            likelihood: model.specification.likelihood, frequency: model.dataset.frequency)
    }
}

extension MarketingMixModel {
    /// Of the same data.
    func alternative(_ index: Int) -> MarketingMixModel {
        index == 0
            ? self
            : MarketingMixModel(specification: ModelAlternative.list(self)[index].specification, dataset: dataset)
    }
}
