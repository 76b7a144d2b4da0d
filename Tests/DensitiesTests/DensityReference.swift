import Densities
import Foundation
import Testing

/// Exact values of priors and transforms; the recipe is Resources/density_reference.py.
struct DensityReference: Sendable {
    struct PriorCase: Sendable, CustomTestStringConvertible {
        struct Point: Sendable {
            var value, logDensity, derivative: Double
        }

        struct Coordinate: Sendable {
            var u, value, slope, logJacobian, logDensity: Double
            /// In u, of `logDensity` and `logJacobian` together.
            var derivative: Double
        }

        let prior: Prior
        /// On the parameter's own scale.
        let points: [Point]
        /// On the scale of the prior's transform.
        let coordinates: [Coordinate]

        var testDescription: String { "\(prior)" }
    }

    struct TransformCase: Sendable, CustomTestStringConvertible {
        struct Point: Sendable {
            var u, value, slope, logJacobian, logJacobianSlope: Double
        }

        let transform: Transform
        let points: [Point]
        let inverses: [(value: Double, u: Double)]

        var testDescription: String { "\(transform)" }
    }

    static let priors = file.priors.map { example in
        PriorCase(
            prior: PriorReference.prior(example.name, numbers(example.numbers)),
            points: example.points.map(numbers).map { .init(value: $0[0], logDensity: $0[1], derivative: $0[2]) },
            coordinates: example.coordinates.map(numbers).map { n in
                .init(u: n[0], value: n[1], slope: n[2], logJacobian: n[3], logDensity: n[4], derivative: n[5])
            })
    }

    static let transforms = file.transforms.map { example in
        TransformCase(
            transform: transform(example.name, numbers(example.numbers)),
            points: example.points.map(numbers).map { n in
                .init(u: n[0], value: n[1], slope: n[2], logJacobian: n[3], logJacobianSlope: n[4])
            },
            inverses: example.inverses.map(numbers).map { ($0[0], $0[1]) })
    }

    /// Whether the two agree to 1e-12, relative to the exact number, or to `floor` where that is larger.
    static func agree(_ own: Double, _ exact: Double, floor: Double = 0) -> Bool {
        own == exact || abs(own - exact) <= 1e-12 * max(abs(exact), floor)
    }

    private struct File: Decodable {
        struct PriorEntry: Decodable {
            let name: String
            let numbers: [String]
            let points, coordinates: [[String]]
        }
        struct TransformEntry: Decodable {
            let name: String
            let numbers: [String]
            let points, inverses: [[String]]
        }
        let priors: [PriorEntry]
        let transforms: [TransformEntry]
    }

    private static let file: File = {
        let url = Bundle.module.bundleURL.appendingPathComponent("Resources/density_reference.json")
        guard let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
        else { fatalError("density_reference.json cannot be read") }
        return file
    }()

    private static func numbers(_ texts: [String]) -> [Double] { texts.map(PriorReference.number) }

    private static func transform(_ name: String, _ n: [Double]) -> Transform {
        switch name {
        case "identity": .identity
        case "log": .log
        case "logit": .logit
        case "interval": .interval(lower: n[0], upper: n[1])
        case "lowerBound": .lowerBound(n[0])
        default: fatalError("no transform is called \(name)")
        }
    }
}
