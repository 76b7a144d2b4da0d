/// A preset's names of the parameters that differ between presets.
package struct ParameterNames: Sendable {
    private let defaults: any PresetDefaults
    /// The preset's names by ours.
    private let names: [String: String]
    /// Whether names of channels' parameters end with that of the medium.
    private let hasMedia: Bool

    /// - Parameter saturations: those of the model's channels; names that differ between kinds are the peer's where
    ///   all channels are of one kind.
    package init(_ preset: Preset, saturations: [Saturation]) {
        defaults = preset.defaults
        let first = saturations.first
        names = defaults.names(saturation: saturations.allSatisfy { $0 == first } ? first : nil)
        hasMedia = preset == .meridian
    }

    /// The preset's name of a parameter.
    package func name(of parameter: String) -> String { names[parameter] ?? parameter }

    /// A parameter of what makes a block differ between geos.
    package enum Part: String {
        case mean
        case scale = "sd"
        case deviation
    }

    /// The preset's name of such a parameter.
    ///
    /// - Parameters:
    ///   - parameter: our name of the block's parameter.
    ///   - base: the block's name in results, with `_raw` where its logarithm varies.
    package func name(of part: Part, parameter: String, base: String) -> String {
        names["\(parameter)_\(part.rawValue)"] ?? "\(base)_\(defaults.suffix(of: part))"
    }

    /// Our name of a preset's parameter.
    package func parameter(named name: String) -> String {
        if hasMedia, let medium = Medium.allCases.first(where: { name.hasSuffix("_\($0.meridianName)") }) {
            let own = String(name.dropLast(medium.meridianName.count + 1))
            return own == MeridianDefaults.contribution ? MediaParameter.contributionShare.rawValue : own
        }
        return BaselineParameter.allCases.first { names[$0.rawValue] == name }?.rawValue
            ?? names.first { $0.value == name }?.key ?? name
    }

    /// The blocks of the spreads of channels' effects between geos.
    package func effectSpreads(
        of channels: [Channel]
    ) -> [(spread: String, deviation: String, axis: String, channels: [Int])] {
        guard hasMedia else { return [("eta", "effect_deviation", "channel", Array(channels.indices))] }
        return Medium.allCases.compactMap { medium in
            let members = channels.indices.filter { channels[$0].medium == medium }
            guard !members.isEmpty else { return nil }
            return ("eta_\(medium.meridianName)", medium.meridianDeviation, medium.meridianAxis, members)
        }
    }

    /// One block of the channels' parameters.
    package struct MediaBlock {
        package var name: String
        package var axis: String
        /// A channel has at most one of them.
        package var parameters: [MediaParameter]
        package var channels: [Int]
    }

    /// The blocks of these channels in layout order; channels without a block's parameter are counted in its axis.
    package func mediaBlocks(of channels: [Channel]) -> [MediaBlock] {
        guard hasMedia else {
            return MediaParameter.allCases.map { parameter in
                MediaBlock(
                    name: name(of: parameter.rawValue), axis: "channel", parameters: [parameter],
                    channels: Array(channels.indices))
            }
        }
        return Medium.allCases.flatMap { medium in
            let members = channels.indices.filter { channels[$0].medium == medium }
            return MediaParameter.allCases.filter { $0 != .windowROI }.map { parameter in
                let own = parameter == .contributionShare ? MeridianDefaults.contribution : parameter.rawValue
                return MediaBlock(
                    name: "\(own)_\(medium.meridianName)", axis: medium.meridianAxis,
                    parameters: parameter == .roi ? [.roi, .windowROI] : [parameter], channels: members)
            }
        }
    }
}
