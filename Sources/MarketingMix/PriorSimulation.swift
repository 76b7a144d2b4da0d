import Densities
import Kernels

extension MarketingMixModel {
    /// The log prior density of parameter values in layout order.
    package func logPrior(constrained: [Double]) -> Double {
        let table = parameters.table
        let values = values(constrained)
        var sum = 0.0
        for (index, prepared) in table.priors.enumerated() {
            if let scale = table.scales[index] {
                let standard = constrained[index] / values[scale]
                sum += -0.5 * standard * standard - Elementary.log(values[scale]) - SpecialFunctions.halfLogTwoPi
            } else {
                sum += prepared.evaluate(prepared.transform.unconstrain(constrained[index])).logDensity
            }
        }
        return sum
    }

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
