/// How far a posterior is narrower than resamples say that it should be (Huggins & Miller 2019, "Robust inference and model
/// criticism using bagged posteriors", arXiv:1912.07104): 0 for a right model, towards 1 for an overconfident one, below 0 for
/// one that is wider than needed.
package enum MismatchIndex {
    /// 1 − 2 V_post ÷ V_bag; nil unless V_bag > V_post. It sinks for quantities that priors hold, whatever the errors.
    package static func plain(variance: Double, bagged: Double) -> Double? {
        bagged > variance ? 1 - 2 * variance / bagged : nil
    }

    /// With the prior's part taken out: R = (V_bag ÷ V_post − 1) ÷ (1 − V_post ÷ V_prior), (R − 1) ÷ (R + 1). For a normal
    /// mean of known variance R is the true variance of the data's mean ÷ that by the model, whatever the prior, and with a
    /// flat prior the index is the plain one. Nil where the posterior is as wide as the prior, or the bag as narrow as the
    /// posterior.
    ///
    /// - Parameter priorShare: V_post ÷ V_prior; 0 where the prior says nothing.
    package static func priorAware(variance: Double, bagged: Double, priorShare: Double) -> Double? {
        guard variance > 0, priorShare < 1 else { return nil }
        let ratio = (bagged / variance - 1) / (1 - priorShare)
        return ratio > 0 ? (ratio - 1) / (ratio + 1) : nil
    }
}
