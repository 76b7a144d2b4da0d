import ModelDefinition

/// A prior of a parameter that the model does not have would be read and forgotten.
struct StatedPriorCheck {
    let context: SectionContext

    func check(_ specification: ModelSpecification) {
        let names = ParameterNames(specification.preset, saturations: [])
        for (keyNode, _) in context.top.node("prior")?.mapping ?? [:] {
            guard let given = keyNode.scalar?.string else { continue }
            let name = names.parameter(named: given)
            let lack: String?
            if let parameter = BaselineParameter(rawValue: name) {
                lack = specification.lack(of: parameter, hasGeos: context.hasGeos)
            } else if let parameter = MediaParameter(rawValue: name) {
                lack =
                    specification.channels.contains { $0.priors[parameter] != nil }
                    ? nil : "no channel has that parameter"
            } else {
                // Said to be unknown.
                lack = nil
            }
            guard let lack else { continue }
            context.problems.add(
                line: keyNode.mark?.line, "'prior.\(given)' is a prior of nothing: \(lack).",
                mend: "remove it, or add that part of the model.")
        }
    }
}

extension ModelSpecification {
    /// Why the model does not have a parameter; nil where it may.
    fileprivate func lack(of parameter: BaselineParameter, hasGeos: Bool) -> String? {
        switch parameter {
        case .intercept, .sigma: nil
        case .control: controls.isEmpty ? "there are no controls" : nil
        case .treatment, .treatmentContribution: treatments.isEmpty ? "there are no treatments" : nil
        case .event: events.isEmpty ? "there are no events" : nil
        case .holiday: holidayCountry == nil ? "there are no holidays" : nil
        case .fourier: seasonality.isEmpty ? "there is no seasonality" : nil
        case .trendSlope: trend == .linear || isPiecewise ? nil : "the trend has no slope"
        case .trendDelta: isPiecewise ? nil : "the trend is not piecewise linear"
        case .knotLevel, .knotIncrement, .knotValue: hasKnots ? nil : "the trend has no knots"
        case .trendScale, .trendLength: trend == .gaussianProcess ? nil : "the trend is no Gaussian process"
        case .effectivenessScale, .effectivenessLength:
            mediaEffectiveness == .constant ? "`media_effectiveness` is not asked for" : nil
        case .omega, .eta, .zeta: hasGeos ? nil : "there are no geos"
        case .nu: likelihood == .studentT ? nil : "the likelihood is not `family: student_t`"
        // Other families have no such errors, which is said where they are asked for.
        case .rho: errors == .autoregressive || likelihood != .normal ? nil : "the errors are not `errors: ar1`"
        }
    }

    private var isPiecewise: Bool {
        if case .piecewiseLinear = trend { return true }
        return false
    }

    private var hasKnots: Bool {
        if case .knots = trend { return true }
        return false
    }
}
