import Densities
import Kernels

/// The slow component of a channel: what its exposure builds up, beside its quick response.
package enum LongTerm {
    /// What its name ends with, after that of the channel.
    package static let suffix = "_long_term"
    /// Two years of weights.
    package static let years = 2.0

    /// The slow component of a channel: geometric carry-over by half-life after the channel's own saturation.
    ///
    /// - Parameters:
    ///   - index: the channel's.
    ///   - effect: what carries the prior of its effect, `roi` or `coefficient`.
    package static func channel(
        of channel: Channel, index: Int, effect: Effect, frequency: Frequency, likelihood: LikelihoodFamily
    ) -> Channel {
        let periodsPerYear = 365.25 / frequency.meanDays
        let adstock = Adstock(
            kind: .geometric, maximumLag: Int((years * periodsPerYear).rounded()), hasHalfLife: true)
        var slow = Channel(
            name: channel.name + suffix, kind: .brand, medium: channel.medium, adstock: adstock,
            saturation: channel.saturation, order: .saturationFirst, effect: effect,
            priors: [
                .halfLife: halfLife(periodsPerYear: periodsPerYear),
                effect.parameter: prior(of: effect, likelihood: likelihood),
            ])
        slow.longTermOf = index
        slow.group = channel.group
        return slow
    }

    /// Nine in ten between a quarter and a year, around half a year; in periods.
    private static func halfLife(periodsPerYear: Double) -> Prior {
        .logNormal(mean: Elementary.log(0.5 * periodsPerYear), sd: 0.42)
    }

    /// Returns around 0.35, nine in ten between 0.1 and 1.1: data say little of a slow effect.
    private static func prior(of effect: Effect, likelihood: LikelihoodFamily) -> Prior {
        effect == .roi ? .logNormal(mean: -1.05, sd: 0.7) : .halfNormal(scale: likelihood.hasLogLink ? 0.25 : 0.5)
    }
}
