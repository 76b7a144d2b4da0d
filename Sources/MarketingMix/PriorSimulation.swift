import Densities
import Kernels

extension MarketingMixModel {
    /// Parameter values drawn from the prior, in layout order.
    package func priorDraw(_ stream: inout RandomStream) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(dimension)
        let table = parameters.table
        for (index, prepared) in table.priors.enumerated() {
            let draw = prepared.prior.draw(from: &stream)
            // A learned scale comes before what it scales.
            let scale = table.scales[index].flatMap { table.coordinates[$0] }.map { values[$0] } ?? 1
            values.append(scale * draw)
        }
        return values
    }
}
