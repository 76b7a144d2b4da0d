import ModelDefinition
import Testing

/// Names, order and parts of channels' parameters.
struct MediaParameterTests {
    @Test("no parameter of a channel has the name of one that no channel owns")
    func names() {
        let media = Set(MediaParameter.allCases.map(\.rawValue))
        let others = Set(BaselineParameter.allCases.map(\.rawValue)).union([ModelSpecification.effectBlock])
        #expect(media.isDisjoint(with: others))
    }

    @Test("every part of a channel has parameters of its role, in layout order")
    func parts() {
        let adstocks = Adstock.Kind.allCases.flatMap { kind in
            [false, true].map { Adstock(kind: kind, maximumLag: 4, hasHalfLife: $0) }
        }
        for adstock in adstocks {
            #expect(adstock.parameters.allSatisfy { $0.role == .carryOver }, "\(adstock)")
        }
        for saturation in Saturation.allCases {
            #expect(saturation.parameters.allSatisfy { $0.role == .curve }, "\(saturation)")
            #expect(saturation.symbols.values.allSatisfy { (saturation.parameters + [.beta]).contains($0) })
        }
        for effect in Effect.allCases {
            #expect(effect.parameter.role == .effect, "\(effect)")
        }
        for adstock in adstocks {
            for saturation in Saturation.allCases {
                let parameters = Channel.parameters(adstock: adstock, saturation: saturation, effect: .roi)
                let places = parameters.compactMap { MediaParameter.allCases.firstIndex(of: $0) }
                #expect(places == places.sorted() && Set(places).count == places.count, "\(parameters)")
            }
        }
    }

    @Test("a preset's name of a parameter is read as ours", arguments: Preset.allCases)
    func readBack(preset: Preset) {
        for saturation in Saturation.allCases {
            let names = ParameterNames(preset, saturations: [saturation])
            let own = MediaParameter.allCases.map(\.rawValue) + BaselineParameter.allCases.map(\.rawValue)
            for parameter in own {
                #expect(names.parameter(named: names.name(of: parameter)) == parameter, "\(saturation)")
            }
            let channels = Medium.allCases.map { medium in
                Channel(
                    name: medium.rawValue, kind: .brand, medium: medium,
                    adstock: Adstock(kind: .geometric, maximumLag: 4), saturation: saturation, effect: .coefficient,
                    priors: [:])
            }
            for block in names.mediaBlocks(of: channels) {
                #expect(names.parameter(named: block.name) == block.parameters[0].rawValue, "\(block.name)")
            }
        }
    }
}
