import Analysis
import Fitting
import MarketingMix

extension InferenceData {
    /// One chain: draws from the prior come one by one.
    var priorSampling: [NetCDFDimension] {
        [
            NetCDFDimension(name: "chain", labels: .index(1)),
            NetCDFDimension(name: "draw", labels: .index(result.prior.count)),
        ]
    }

    /// Of the draws in `prior`.
    var priorPredictive: NetCDFGroup? {
        result.priorPrediction.map { prediction in
            NetCDFGroup(
                name: "prior_predictive", dimensions: priorSampling + cells,
                variables: [
                    NetCDFVariable(
                        PosteriorFile.priorKPI, dimensions: ["chain", "draw"] + cells.map(\.name),
                        values: .doubles(prediction.replicated))
                ], attributes: attributes + [("units", ResultUnits(result).kpi)])
        }
    }

    /// One variable a block of parameters, so that their sum is the log density of the prior: what asks for the prior's
    /// share of the posterior, as ArviZ's `psense`, adds up all that the group has.
    var logPrior: NetCDFGroup {
        NetCDFGroup(
            name: "log_prior", dimensions: sampling,
            variables: zip(result.naming.names, result.logPrior.blocks).map { name, draws in
                NetCDFVariable(name: name.text, dimensions: ["chain", "draw"], values: .doubles(draws))
            },
            attributes: attributes + [
                ("units", "log density of the parameters, without the Jacobian of a transform"),
                (
                    "total",
                    "the sum over all variables of the group is the log density of the prior, `prior` of `tutti logp`"
                ),
            ])
    }

    /// Every parameter in the model's own coordinates. It has as many numbers as the draws, so they are computed as they
    /// are written.
    var unconstrainedPosterior: NetCDFGroup {
        var group = parameters("unconstrained_posterior", sampling: sampling) { index, block in
            let draws = result.draws.variables[index].values
            return (
                name: block.unconstrainedName,
                values: .computed(count: draws.count) { range in
                    block.unconstrain(draws[range.lowerBound * block.count..<range.upperBound * block.count])
                }
            )
        }
        group.attributes.append(("order", group.variables.map(\.name).joined(separator: ", ")))
        return group
    }
}
