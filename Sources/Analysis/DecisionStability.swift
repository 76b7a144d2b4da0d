import MarketingMix
import ModelDefinition

/// How often resamples advise the same of a channel as the fit: to spend more on it or less.
///
/// The advice is the first step of the best split of the same budget: money goes to channels whose marginal return is above
/// the mean of all, weighted by spend, and comes from those below it.
package struct DecisionStability: Sendable {
    /// A channel with the reported marginal returns that one more unit of its money brings: its own, and that of its slow
    /// component.
    private struct Decision {
        var channel: String
        var spend: Double
        var returns: [String]
        /// Channels whose figures hang on the decision: itself and its slow component.
        var names: [String]
    }

    private let decisions: [Decision]

    package init(_ model: MarketingMixModel) {
        let channels = model.specification.channels
        decisions = channels.indices.compactMap { index in
            let spend = model.spend(channel: index)
            guard channels[index].longTermOf == nil, spend > 0 else { return nil }
            let own = channels.indices.filter { $0 == index || channels[$0].longTermOf == index }
            return Decision(
                channel: channels[index].name, spend: spend,
                returns: own.filter { model.spend(channel: $0) > 0 }.map { "mroi[\(channels[$0].name)]" },
                names: own.map { channels[$0].name })
        }
    }

    /// By channel the share of resamples whose advice has the sign of the fit's. Empty without resamples, and where there are
    /// no two channels with spend to move it between.
    package func shares(posterior: [Quantity], resamples: [[Quantity]]) -> [String: Double] {
        guard decisions.count > 1, !resamples.isEmpty else { return [:] }
        let advice = moves(posterior)
        let others = resamples.map(moves)
        var shares: [String: Double] = [:]
        for (index, decision) in decisions.enumerated() {
            let same = others.count { $0[index] * advice[index] > 0 }
            for name in decision.names { shares[name] = Double(same) / Double(others.count) }
        }
        return shares
    }

    /// By decision: marginal return less the mean of all.
    private func moves(_ quantities: [Quantity]) -> [Double] {
        let returns = decisions.map { decision in
            decision.returns.reduce(0.0) { sum, name in
                guard let quantity = quantities.first(where: { $0.name == name }) else {
                    preconditionFailure("there is no \(name)")
                }
                return sum + Estimate.mean(quantity.draws)
            }
        }
        var (weighted, spend) = (0.0, 0.0)
        for (decision, value) in zip(decisions, returns) {
            weighted += decision.spend * value
            spend += decision.spend
        }
        return returns.map { $0 - weighted / spend }
    }
}
