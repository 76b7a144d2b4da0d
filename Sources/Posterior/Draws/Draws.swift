/// A named dimension with its labels, for example channel: tv, search.
public struct Dimension: Sendable, Hashable {
    public var name: String
    public var labels: [String]

    public init(name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }
}

/// All draws of one named quantity: values in the order chain, draw, then its own dimensions row-major.
public struct Variable: Sendable, Hashable {
    public var name: String
    public var dimensions: [Dimension]
    public var values: [Double]

    public init(name: String, dimensions: [Dimension], values: [Double]) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
    }

    /// Numbers in one draw.
    public var elementCount: Int { dimensions.reduce(1) { $0 * $1.labels.count } }

    /// `alpha[tv]`; the plain name of a scalar.
    public func elementName(_ element: Int) -> String {
        guard !dimensions.isEmpty else { return name }
        var rest = element
        var labels: [String] = []
        for dimension in dimensions.reversed() {
            labels.append(dimension.labels[rest % dimension.labels.count])
            rest /= dimension.labels.count
        }
        return "\(name)[\(labels.reversed().joined(separator: ","))]"
    }
}

/// The sampler's facts of one draw.
public struct SampleStatistics: Sendable, Hashable {
    public var logDensity: Double
    public var acceptanceRate: Double
    public var stepSize: Double
    /// Hamiltonian at the draw.
    public var energy: Double
    public var treeDepth: Int
    public var leapfrogs: Int
    public var diverging: Bool
    public var reachedMaximumDepth: Bool

    public init(
        logDensity: Double, acceptanceRate: Double, stepSize: Double, energy: Double, treeDepth: Int,
        leapfrogs: Int, diverging: Bool, reachedMaximumDepth: Bool
    ) {
        self.logDensity = logDensity
        self.acceptanceRate = acceptanceRate
        self.stepSize = stepSize
        self.energy = energy
        self.treeDepth = treeDepth
        self.leapfrogs = leapfrogs
        self.diverging = diverging
        self.reachedMaximumDepth = reachedMaximumDepth
    }
}

/// Chains × draws of several quantities, with the sampler's statistics of every draw.
public struct Draws: Sendable {
    public var chainCount: Int
    public var drawCount: Int
    public var variables: [Variable]
    /// Chain-major.
    public var statistics: [SampleStatistics]

    public init(chainCount: Int, drawCount: Int, variables: [Variable], statistics: [SampleStatistics]) {
        precondition(
            variables.allSatisfy { $0.values.count == chainCount * drawCount * $0.elementCount },
            "a variable has one value for each chain, draw and element")
        self.chainCount = chainCount
        self.drawCount = drawCount
        self.variables = variables
        self.statistics = statistics
    }

    /// One element of a variable as chains × draws.
    public func series(of variable: Variable, element: Int) -> [[Double]] {
        let count = variable.elementCount
        return (0..<chainCount).map { chain in
            (0..<drawCount).map { draw in variable.values[(chain * drawCount + draw) * count + element] }
        }
    }
    /// One element by its name, for example `alpha[tv]`, as chains × draws; nil where there is none.
    public func series(named name: String) -> [[Double]]? {
        for variable in variables where name == variable.name || name.hasPrefix("\(variable.name)[") {
            for element in 0..<variable.elementCount where variable.elementName(element) == name {
                return series(of: variable, element: element)
            }
        }
        return nil
    }
}
