import Densities
import Foundation
import Testing

/// One prior with scipy's values of it; the recipe is Resources/prior_reference.py.
struct PriorReference: Sendable, CustomTestStringConvertible {
    let prior: Prior
    let points: [Double]
    let logDensities: [Double]
    /// At levels 0.05, 0.10 ... 0.95.
    let quantiles: [Double]
    let mean: Double?
    let standardDeviation: Double?

    var testDescription: String { "\(prior)" }

    static let all: [PriorReference] = {
        struct Case: Decodable {
            let name: String
            let numbers, points, logDensities, quantiles: [String]
            let moments: [String?]
        }
        struct Cases: Decodable { let cases: [Case] }
        let url = Bundle.module.bundleURL.appendingPathComponent("Resources/prior_reference.json")
        guard let data = try? Data(contentsOf: url), let cases = try? JSONDecoder().decode(Cases.self, from: data)
        else { fatalError("prior_reference.json cannot be read") }
        return cases.cases.map { example in
            PriorReference(
                prior: prior(example.name, example.numbers.map(number)), points: example.points.map(number),
                logDensities: example.logDensities.map(number), quantiles: example.quantiles.map(number),
                mean: example.moments[0].map(number), standardDeviation: example.moments[1].map(number))
        }
    }()

    static func number(_ text: String) -> Double {
        guard let value = Double(text) else { fatalError("\(text) is no number") }
        return value
    }

    static func prior(_ name: String, _ n: [Double]) -> Prior {
        switch name {
        case "normal": .normal(mean: n[0], sd: n[1])
        case "halfNormal": .halfNormal(scale: n[0])
        case "logNormal": .logNormal(mean: n[0], sd: n[1])
        case "laplace": .laplace(mean: n[0], scale: n[1])
        case "beta": .beta(a: n[0], b: n[1])
        case "gamma": .gamma(shape: n[0], rate: n[1])
        case "inverseGamma": .inverseGamma(shape: n[0], scale: n[1])
        case "exponential": .exponential(rate: n[0])
        case "studentT": .studentT(degreesOfFreedom: n[0], mean: n[1], scale: n[2])
        case "truncatedNormal": .truncatedNormal(mean: n[0], sd: n[1], lower: n[2], upper: n[3])
        case "uniform": .uniform(lower: n[0], upper: n[1])
        default: fatalError("no prior is called \(name)")
        }
    }
}
