import Densities
import ModelDefinition

/// Appends blocks of parameters to a table as the hierarchy of each says.
struct ParameterBuilder {
    /// One block before its hierarchy.
    struct Block {
        /// Our name of the parameter, and its name in results.
        var parameter: String
        var name: String
        /// `channel`, `control` or another axis; nil for a scalar.
        var axis: String?
        var labels: [String]
        /// Labels of the whole axis.
        var allLabels: [String]
        /// By label.
        var priors: [Prior]
    }

    private let specification: ModelSpecification
    private let names: ParameterNames
    private let geos: [String]
    private let largestGeo: Int
    private(set) var derived: [DerivedParameter] = []
    var table = ParameterTable()
    let zero: Int
    let one: Int

    /// - Parameter largestGeo: index of the geo from which others differ under `BlockHierarchy.againstLargest`.
    init(_ specification: ModelSpecification, names: ParameterNames, geos: [String], largestGeo: Int) {
        self.specification = specification
        self.names = names
        self.geos = geos
        self.largestGeo = largestGeo
        zero = table.appendConstant(0)
        one = table.appendConstant(1)
    }

    /// Appends a scalar parameter that has its prior from the specification; places by geo as `append(_:)` gives them.
    mutating func append(_ parameter: BaselineParameter) -> [Int] {
        let name = names.name(of: parameter.rawValue)
        let block = Block(
            parameter: parameter.rawValue, name: name, axis: nil, labels: [name], allLabels: [name],
            priors: [specification.prior(parameter)])
        return append(block).map { $0[0] }
    }

    /// Appends a block and returns its places by geo, then label: one row where geos share them.
    mutating func append(_ block: Block) -> [[Int]] {
        switch geos.count > 1 ? specification.hierarchy(of: block.parameter) : ungrouped {
        case .complete: return table.append(block, geos: [])
        case .independent: return table.append(block, geos: geos)
        case .againstLargest: return appendDifferences(block)
        case .partial(let deviations): return append(block, deviations)
        }
    }

    /// Appends what the hierarchy of a block adds to its common values, s z; places by geo, then label. None where geos do
    /// not scatter by normal deviations.
    mutating func appendDeviations(_ block: Block) -> [[Int]] {
        guard geos.count > 1, case .partial(let deviations) = specification.hierarchy(of: block.parameter),
            deviations.form == .normal
        else { return [] }
        func partName(_ part: ParameterNames.Part) -> String {
            names.name(of: part, parameter: block.parameter, base: block.name)
        }
        let scales = appendScales(block, deviations, name: partName(.scale))
        let standard = table.appendStandardNormals(block, name: partName(.deviation), geos: geos)
        return geos.indices.map { geo in
            block.labels.indices.map { derive(.product, [scales[$0], standard[geo][$0]]) }
        }
    }

    /// Appends the common values of a block whose deviations are appended apart.
    mutating func appendCommon(_ block: Block) -> [[Int]] {
        guard geos.count > 1, case .partial = specification.hierarchy(of: block.parameter) else { return append(block) }
        return table.append(block, geos: [])
    }

    /// A panel of one geo keeps its axis where geos have their own values.
    private var ungrouped: BlockHierarchy { specification.pooling == .none ? .independent : .complete }

    /// Appends the place of a value that the model computes, and how.
    mutating func derive(_ function: DerivedParameter.Function, _ inputs: [Int]) -> Int {
        let place = table.appendConstant(0)
        let padded = inputs + [Int](repeating: one, count: 4 - inputs.count)
        derived.append(
            DerivedParameter(function: function, place: place, inputs: (padded[0], padded[1], padded[2], padded[3])))
        return place
    }

    private mutating func appendDifferences(_ block: Block) -> [[Int]] {
        let differences = geos.indices.map { $0 == largestGeo ? Prior.point(0) : block.priors[0] }
        let places = table.append(block.name, axis: "geo", labels: geos, of: geos, priors: differences)[0]
        return places.map { [$0] }
    }

    private mutating func append(_ block: Block, _ deviations: GeoDeviations) -> [[Int]] {
        guard !block.labels.isEmpty else { return [[]] }
        let base = Base(block.name, deviations: deviations)
        func partName(_ part: ParameterNames.Part) -> String {
            names.name(of: part, parameter: block.parameter, base: base.name)
        }
        // Without a prior of its own the mean is the parameter itself.
        let means =
            deviations.mean.map { mean in
                table.append(block.with(name: partName(.mean), prior: mean), geos: [])[0]
            } ?? table.append(block, geos: [])[0]
        let scales = appendScales(block, deviations, name: partName(.scale))
        let standard = table.appendStandardNormals(block, name: partName(.deviation), geos: geos)
        return geos.indices.map { geo in
            block.labels.indices.map { element in
                derive(base.function, [means[element], scales[element], standard[geo][element]])
            }
        }
    }

    /// Places of sd by element.
    private mutating func appendScales(_ block: Block, _ deviations: GeoDeviations, name: String) -> [Int] {
        switch deviations.scope {
        case .element: table.append(block.with(name: name, prior: deviations.sd), geos: [])[0]
        case .block: [Int](repeating: table.append(name, prior: deviations.sd), count: block.labels.count)
        }
    }

    /// What deviations are of: the value or its logarithm.
    private struct Base {
        let name: String
        let function: DerivedParameter.Function

        init(_ name: String, deviations: GeoDeviations) {
            switch (deviations.form, deviations.mean) {
            case (.normal, _): (self.name, function) = (name, .sumWithProduct)
            case (.logNormal, .some): (self.name, function) = (name + "_raw", .exponentialOfSum)
            case (.logNormal, .none): (self.name, function) = (name, .multipleOfExponential)
            }
        }
    }
}

extension ParameterBuilder.Block {
    fileprivate func with(name: String, prior: Prior) -> Self {
        var block = self
        block.name = name
        block.priors = priors.map { _ in prior }
        if axis == nil { (block.labels, block.allLabels) = ([name], [name]) }
        return block
    }
}

extension ParameterTable {
    /// Appends one parameter a label, for every geo if there are any; places by geo.
    fileprivate mutating func append(_ block: ParameterBuilder.Block, geos: [String]) -> [[Int]] {
        append(
            block.name, axis: block.axis, labels: block.labels, of: block.allLabels, priors: block.priors, geos: geos)
    }

    /// Appends N(0, 1) parameters by geo and label, those of channels by channel, then geo; returns places by geo.
    fileprivate mutating func appendStandardNormals(
        _ block: ParameterBuilder.Block, name: String, geos: [String]
    ) -> [[Int]] {
        let standard = Prior.normal(mean: 0, sd: 1)
        guard block.axis == "channel" else {
            var elements = block
            elements.name = name
            elements.priors = block.priors.map { _ in standard }
            return append(elements, geos: geos)
        }
        let places = append(
            name, axis: block.labels == block.allLabels ? "channel" : "\(name)_channel", labels: block.labels,
            geos: geos, prior: standard)
        return geos.indices.map { geo in block.labels.indices.map { places[$0 * geos.count + geo] } }
    }
}
