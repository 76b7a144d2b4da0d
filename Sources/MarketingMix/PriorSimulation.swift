import Densities
import Kernels

extension MarketingMixModel {
    /// The log prior density of parameter values in layout order.
    package func logPrior(constrained: [Double]) -> Double {
        logPriorTerms(constrained: constrained).reduce(0, +)
    }

    /// The same by parameter, in layout order: of one whose scale is learned, given that scale.
    package func logPriorTerms(constrained: [Double]) -> [Double] {
        let table = parameters.table
        let values = values(constrained)
        return table.priors.enumerated().map { index, prepared in
            guard let scale = table.scales[index] else {
                return prepared.evaluate(prepared.transform.unconstrain(constrained[index])).logDensity
            }
            let standard = constrained[index] / values[scale]
            return -0.5 * standard * standard - Elementary.log(values[scale]) - SpecialFunctions.halfLogTwoPi
        }
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
