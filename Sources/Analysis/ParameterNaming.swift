import MarketingMix

/// One name for one number: how parameters are called beside the reported quantities, whose names are the same in every
/// file of results.
///
/// A return that carries a prior is a parameter `roi` and is reported as `roi`. Where that is the same number, it is told
/// once. Where it is another, as with media that work more or less over time, or one of the channels has no spend and so no
/// return, the parameter is what all geos have in common and is called `roi_common`; where every geo has its own, it is
/// called `roi_geo`.
package struct ParameterNaming: Sendable {
    package struct Name: Sendable, Hashable {
        package var text: String
        /// Whether its elements are reported quantities.
        package var isReported: Bool
    }

    /// By block, in layout order.
    package let names: [Name]

    /// - Parameter quantities: those that are reported.
    package init(model: MarketingMixModel, quantities: [Quantity]) {
        let reported = Set(quantities.map(\.name))
        let kinds = Set(reported.map { $0.prefix { $0 != "[" } })
        names = model.layout.blocks.map { block in
            guard !block.dimensions.isEmpty, kinds.contains(block.name[...]) else {
                return Name(text: block.name, isReported: false)
            }
            let shared = (0..<block.count).filter { reported.contains(block.elementName($0)) }
            guard !shared.isEmpty else { return Name(text: "\(block.name)_geo", isReported: false) }
            return shared.count == block.count && shared.allSatisfy { model.isReportedReturn(block.offset + $0) }
                ? Name(text: block.name, isReported: true) : Name(text: "\(block.name)_common", isReported: false)
        }
    }
}
