import Densities
import ModelDefinition

/// One parameter that a `prior` may name.
package struct ParameterReference: Sendable {
    package var name: String
    /// `real`, `positive`, `fraction` or `correlation`.
    package var domain: String
    package var meaning: String
    /// The default prior by preset, in the order of `Preset.allCases`.
    package var priors: [String]

    /// Parameters of channels, then those of the baseline.
    package static let all = channels + baseline

    private static let channels = MediaParameter.allCases.map { parameter in
        ParameterReference(
            name: parameter.rawValue, domain: parameter.domain.rawValue, meaning: parameter.meaning,
            priors: Preset.allCases.map { preset in
                func prior(_ kind: ChannelKind) -> String {
                    preset.defaults.prior(
                        of: parameter, kind: kind, saturation: preset.defaults.saturation, frequency: .week
                    ).modelFileText
                }
                let (brand, performance) = (prior(.brand), prior(.performance))
                return brand == performance ? brand : "brand \(brand), performance \(performance)"
            })
    }

    private static let baseline = BaselineParameter.allCases.map { parameter in
        ParameterReference(
            name: parameter.rawValue, domain: parameter.domain.rawValue, meaning: parameter.meaning,
            priors: Preset.allCases.map { $0.defaults.prior(of: parameter).modelFileText })
    }
}
