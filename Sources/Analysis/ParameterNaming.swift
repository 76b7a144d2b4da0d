import MarketingMix

/// One name for one number: how parameters are called beside the reported quantities, whose names are the same in every
/// file of results.
///
/// A return that carries a prior is a parameter `roi` and is reported as `roi`. Where that is the same number, it is told
/// once. In a panel whose geos deviate, and wherever else the two differ, the parameter is what all geos have in common and
/// is called `roi_common`.
package struct ParameterNaming: Sendable {
    package struct Name: Sendable, Hashable {
        package var text: String
        /// Whether its elements are reported quantities.
        package var isReported: Bool
    }

    /// By block, in layout order.
    package let names: [Name]

    /// - Parameters:
    ///   - quantities: reported, at the same draws as `constrained`.
    ///   - constrained: one vector of parameter values, in layout order, a draw.
    package init(model: MarketingMixModel, quantities: [Quantity], constrained: [[Double]]) {
        let reported = Dictionary(quantities.map { ($0.name, $0.draws) }, uniquingKeysWith: { first, _ in first })
        names = model.layout.blocks.map { block in
            var isReported = false
            for element in 0..<block.count {
                guard let draws = reported[block.elementName(element)] else { continue }
                let isSame = constrained.indices.allSatisfy { draw in
                    let value = constrained[draw][block.offset + element]
                    return abs(value - draws[draw]) <= 1e-9 * abs(value)
                }
                guard isSame else { return Name(text: block.name + "_common", isReported: false) }
                isReported = true
            }
            return Name(text: block.name, isReported: isReported)
        }
    }
}
