import Densities
import Kernels

extension MarketingMixModel {
    /// Parameter values drawn from the prior, in layout order.
    package func priorDraw(_ stream: inout RandomStream) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(dimension)
        for prepared in parameters.table.priors { values.append(prepared.prior.draw(from: &stream)) }
        return values
    }
}
