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
        names = model.layout.blocks.map { Self.name(of: $0, quantities: quantities, constrained: constrained) }
    }

    private static func name(of block: ParameterBlock, quantities: [Quantity], constrained: [[Double]]) -> Name {
        var isReported = false
        var isSame = true
        for quantity in quantities where quantity.name.hasPrefix("\(block.name)[") {
            for element in 0..<block.count where block.elementName(element) == quantity.name {
                isReported = true
                isSame = isSame && agree(quantity.draws, constrained, at: block.offset + element)
            }
        }
        return Name(text: isSame ? block.name : block.name + "_common", isReported: isReported && isSame)
    }

    /// Whether a parameter has these values but for rounding.
    private static func agree(_ draws: [Double], _ constrained: [[Double]], at place: Int) -> Bool {
        for (draw, value) in draws.enumerated() where !(abs(constrained[draw][place] - value) <= 1e-9 * abs(value)) {
            return false
        }
        return true
    }
}
