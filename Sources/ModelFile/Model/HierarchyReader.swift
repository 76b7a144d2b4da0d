import Densities
import ModelDefinition
import Yams

/// What the geos of a panel share.
struct ReadHierarchy {
    var pooling: Pooling
    var blocks: [String: BlockHierarchy] = [:]
}

/// Reads `hierarchy`: what the geos of a panel share.
struct HierarchyReader {
    /// The geo from which others differ.
    enum GeoBaseline: String, CaseIterable {
        case largest
    }

    private static let partialKeys = ["deviations", "mean", "sd", "sd_per"]

    let context: SectionContext
    /// Of the parameters that no channel owns.
    let priors: [String: Prior]

    func read(channels: [Located<ReadChannel>]) -> ReadHierarchy {
        let section = context.top.section(
            "hierarchy", unsupported: ["centering": "remove it: what is not integrated out is not centred."])
        let pooling = section?.choice("pooling", Pooling.self) ?? context.preset.defaults.pooling
        var hierarchy = ReadHierarchy(pooling: pooling)
        if context.hasGeos, pooling == .partial { hierarchy.blocks = context.preset.defaults.hierarchy }
        if let section {
            if !context.hasGeos {
                context.top.problem(
                    "hierarchy", "'hierarchy' says what geos share, and the data have none.",
                    mend: "name their column in `data.geo`, or remove it.")
            }
            readForm(section, &hierarchy)
        }
        hierarchy.blocks[Self.sigma] = LikelihoodReader(context: context).sigma(pooling: pooling, priors: priors)
        if let section { readParameters(section, channels.map(\.channel), &hierarchy) }
        return hierarchy
    }

    private static let sigma = BaselineParameter.sigma.rawValue

    /// How the effects of geos scatter.
    private func readForm(_ section: YAMLSection, _ hierarchy: inout ReadHierarchy) {
        guard let form = section.choice("deviations", GeoDeviations.Form.self) else { return }
        guard hierarchy.pooling == .partial else {
            section.problem(
                "deviations", "'hierarchy.deviations' needs `pooling: partial`.",
                mend: "write `pooling: partial`, or remove it.")
            return
        }
        let eta = BaselineParameter.eta
        let sd = priors[eta.rawValue] ?? context.preset.defaults.prior(of: eta)
        hierarchy.blocks[ModelSpecification.effectBlock] = .partial(GeoDeviations(form: form, sd: sd))
    }

    /// Blocks that differ from the rest.
    private func readParameters(_ section: YAMLSection, _ channels: [Channel], _ hierarchy: inout ReadHierarchy) {
        guard let node = section.node("parameters") else { return }
        let path = section.name("parameters")
        guard let mapping = node.mapping else {
            context.problems.add(
                line: node.mark?.line, "'\(path)' must map parameters to their hierarchy.",
                mend: "write for example {control: {pooling: complete}}.")
            return
        }
        let names = ParameterNames(context.preset, saturations: channels.map(\.saturation))
        for (keyNode, value) in mapping {
            let given = keyNode.scalar?.string ?? ""
            let name = names.parameter(named: given)
            guard Self.pooledParameters.contains(name) else {
                context.problems.add(
                    line: keyNode.mark?.line, "unknown parameter '\(path).\(given)'.",
                    mend: NearestKey.mend(for: given, among: Self.pooledParameters))
                continue
            }
            if name == Self.sigma, hierarchy.blocks[Self.sigma] != nil {
                context.problems.add(
                    line: keyNode.mark?.line, "'\(path).\(given)' and 'likelihood.sigma' say the same twice.",
                    mend: "remove one of them.")
            }
            let entry = YAMLSection(
                value, path: "\(path).\(given)", reference: "hierarchy.parameters.*", problems: context.problems)
            if let entry { hierarchy.blocks[name] = block(entry, of: name) }
        }
    }

    private static let pooledParameters =
        BaselineParameter.allCases.filter { ![.omega, .eta, .zeta].contains($0) }.map(\.rawValue)
        + [ModelSpecification.effectBlock] + MediaParameter.allCases.map(\.rawValue)

    private func block(_ section: YAMLSection, of name: String) -> BlockHierarchy? {
        section.require("pooling", mend: "write `pooling: complete`, `none` or `partial`.")
        guard let pooling = section.choice("pooling", Pooling.self) else { return nil }
        for key in Self.partialKeys where pooling != .partial && section.node(key) != nil {
            section.problem(
                key, "'\(section.name(key))' needs `pooling: partial`.", mend: "write `pooling: partial`, or remove it."
            )
        }
        let baseline = section.choice("baseline", GeoBaseline.self)
        if baseline != nil, pooling != .none || name != BaselineParameter.intercept.rawValue {
            section.problem(
                "baseline", "'\(section.name("baseline"))' is for intercepts with `pooling: none`.", mend: "remove it.")
        }
        switch pooling {
        case .complete: return .complete
        case .none: return baseline == nil ? .independent : .againstLargest
        case .partial: return deviations(section, of: name).map(BlockHierarchy.partial)
        }
    }

    private func deviations(_ section: YAMLSection, of name: String) -> GeoDeviations? {
        let domain = PriorReader.domain(of: name)
        if domain == .fraction || domain == .correlation {
            section.problem(
                "pooling", "'\(section.path)' is bounded on both sides, which has no partial pooling.",
                mend: "write `pooling: none` or `complete`.")
            return nil
        }
        let isEffect = name == ModelSpecification.effectBlock
        let given = section.choice("deviations", GeoDeviations.Form.self)
        let form = given ?? (domain == .positive || isEffect ? .logNormal : .normal)
        if form == .normal, domain == .positive, name != MediaParameter.beta.rawValue {
            section.problem(
                "deviations", "'\(section.path)' is positive: normal deviations would take it below 0.",
                mend: "write `deviations: lognormal`.")
        }
        if isEffect, section.node("mean") != nil {
            section.problem(
                "mean", "the effect of all geos has the channel's own prior.",
                mend: "remove it, or name the parameter: roi, beta.")
        }
        // What is read under these names may be any number, or has to be above 0.
        func prior(_ key: String, as domainOf: String) -> Prior? {
            section.node(key).flatMap {
                PriorReader.read($0, of: domainOf, path: section.name(key), problems: context.problems)
            }
        }
        let standard: BaselineParameter = name == BaselineParameter.sigma.rawValue ? .zeta : .eta
        return GeoDeviations(
            form: form, mean: prior("mean", as: BaselineParameter.intercept.rawValue),
            sd: prior("sd", as: BaselineParameter.sigma.rawValue)
                ?? context.preset.defaults.prior(of: standard),
            scope: section.choice("sd_per", GeoDeviations.Scope.self) ?? .element)
    }
}
