import Densities
import ModelDefinition

/// A named axis of a parameter block.
package struct ParameterDimension: Sendable, Hashable {
    /// `channel`, `control`, `fourier_mode`, `event`, `holiday`, `changepoint` or `knot`; `<block>_<axis>` where only some
    /// labels of that axis are sampled.
    package var name: String
    package var labels: [String]
}

/// One named block of sampled parameters, for example the retention over channels.
///
/// Only sampled elements are in it; a parameter with a point prior is a constant of the model.
package struct ParameterBlock: Sendable, Hashable {
    /// The name in results, for example `alpha`.
    package var name: String
    /// `name` with PyMC's suffix of the transform: `_logodds__`, `_log__`, `_interval__`, `_lowerbound__`
    /// or none; `_mixed__` where elements have different transforms.
    package var unconstrainedName: String
    /// None for a scalar; values are in row-major order.
    package var dimensions: [ParameterDimension]
    /// Index of the first coordinate.
    package var offset: Int
    /// Number of coordinates.
    package var count: Int
    package var priors: [Prior]
    package var transforms: [Transform]

    /// The name of one element, for example `alpha[geo_a, tv]`.
    package func elementName(_ index: Int) -> String {
        guard !dimensions.isEmpty else { return name }
        var rest = index
        let labels = dimensions.reversed().map { dimension in
            let count = dimension.labels.count
            defer { rest /= count }
            return dimension.labels[rest % count]
        }
        return "\(name)[\(labels.reversed().joined(separator: ", "))]"
    }

    /// The model's coordinates of the values that the block has in some draws, one draw after another.
    package func unconstrain(_ values: ArraySlice<Double>) -> [Double] {
        values.enumerated().map { transforms[$0 % count].unconstrain($1) }
    }
}

/// The sampled parameters in the order of a draw.
package struct ParameterLayout: Sendable, Hashable {
    package fileprivate(set) var blocks: [ParameterBlock] = []
    /// Number of coordinates.
    package fileprivate(set) var dimension = 0
}

/// Every parameter of a model, sampled or fixed, at a place of its own in one vector of constrained values.
struct ParameterTable: Sendable {
    private(set) var layout = ParameterLayout()
    /// The place of each coordinate, ascending.
    private(set) var places: [Int] = []
    /// The prior of each coordinate, with its constants computed.
    private(set) var priors: [PreparedPrior] = []
    /// One value a place: the constant where the parameter is fixed, 0 where it is sampled.
    private(set) var values: [Double] = []
    /// The coordinate of each place, nil where the parameter is fixed.
    private(set) var coordinates: [Int?] = []
    /// The place of the standard deviation of each coordinate whose Normal prior has a learned one.
    private(set) var scales: [Int: Int] = [:]

    /// Appends a constant and returns its place.
    mutating func appendConstant(_ value: Double) -> Int {
        values.append(value)
        coordinates.append(nil)
        return values.count - 1
    }

    /// Appends a scalar and returns its place.
    mutating func append(_ name: String, prior: Prior) -> Int {
        append(name, axis: nil, labels: [name], of: [name], priors: [prior])[0][0]
    }

    /// Appends one real parameter a geo with prior N(0, s), s the parameter at `scale`, and returns their places.
    mutating func append(_ name: String, geos: [String], scale: Int) -> [Int] {
        let places = append(
            name, axis: nil, labels: [name], of: [name], priors: [.normal(mean: 0, sd: 1)], geos: geos
        ).map { $0[0] }
        for place in places { if let coordinate = coordinates[place] { scales[coordinate] = scale } }
        return places
    }

    /// Appends one parameter a label, for every geo if there are any, and returns their places by geo: one row
    /// without geos.
    ///
    /// `axis` is nil for a scalar; `allLabels` are the labels of the whole axis.
    mutating func append(
        _ name: String, axis: String?, labels: [String], of allLabels: [String], priors: [Prior],
        geos: [String] = []
    ) -> [[Int]] {
        let rows = max(1, geos.count)
        let labelCount = labels.count
        let elementPriors = Array(repeatElement(priors, count: rows).joined())
        let places = appendElements(name, axis: axis, labels: labels, of: allLabels, priors: elementPriors, geos: geos)
        return (0..<rows).map { Array(places[$0 * labelCount..<($0 + 1) * labelCount]) }
    }

    /// Appends one sampled parameter a label and geo, geos running fastest, and returns their places.
    mutating func append(_ name: String, axis: String, labels: [String], geos: [String], prior: Prior) -> [Int] {
        let count = labels.count * geos.count
        let places = appendElements(
            name, axis: axis, labels: (0..<count).map(String.init), of: [],
            priors: [Prior](repeating: prior, count: count), geos: [])
        layout.blocks[layout.blocks.count - 1].dimensions = [
            ParameterDimension(name: axis, labels: labels), ParameterDimension(name: "geo", labels: geos),
        ]
        return places
    }

    private mutating func appendElements(
        _ name: String, axis: String?, labels: [String], of allLabels: [String], priors elementPriors: [Prior],
        geos: [String]
    ) -> [Int] {
        var elementPlaces: [Int] = []
        var sampled: [Int] = []
        let offset = layout.dimension
        for (index, prior) in elementPriors.enumerated() {
            if case .point(let value) = prior {
                elementPlaces.append(appendConstant(value))
            } else {
                elementPlaces.append(appendConstant(0))
                coordinates[values.count - 1] = places.count
                places.append(values.count - 1)
                priors.append(PreparedPrior(prior))
                sampled.append(index)
            }
        }
        guard !sampled.isEmpty else { return elementPlaces }
        let transforms = sampled.compactMap { elementPriors[$0].transform }
        let suffixes = transforms.map(Self.suffix)
        let suffix = suffixes.allSatisfy { $0 == suffixes[0] } ? suffixes[0] : "_mixed__"
        // All geos have the same elements sampled.
        let sampledLabels = sampled.prefix(sampled.count / max(1, geos.count)).map { labels[$0] }
        let own = axis.map {
            ParameterDimension(name: sampledLabels == allLabels ? $0 : "\(name)_\($0)", labels: sampledLabels)
        }
        layout.blocks.append(
            ParameterBlock(
                name: name, unconstrainedName: name + suffix,
                dimensions: (geos.isEmpty ? [] : [ParameterDimension(name: "geo", labels: geos)])
                    + (own.map { [$0] } ?? []),
                offset: offset, count: sampled.count, priors: sampled.map { elementPriors[$0] },
                transforms: transforms))
        layout.dimension += sampled.count
        return elementPlaces
    }

    private static func suffix(_ transform: Transform) -> String {
        switch transform {
        case .identity: ""
        case .log: "_log__"
        case .logit: "_logodds__"
        case .interval: "_interval__"
        case .lowerBound: "_lowerbound__"
        }
    }
}
