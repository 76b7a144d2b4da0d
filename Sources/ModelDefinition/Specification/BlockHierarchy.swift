import Densities

/// How the values of one block of parameters differ between the geos of a panel.
package enum BlockHierarchy: Sendable, Hashable {
    /// One value for all geos.
    case complete
    /// Every geo has its own value, each with the parameter's prior.
    case independent
    /// As `independent`, but 0 in the largest geo: what the others differ from it. Of the intercept only.
    case againstLargest
    /// Geos scatter around a common value.
    case partial(GeoDeviations)
}

/// How geos scatter around a common value, with z ~ N(0, 1) for every geo and element: non-centred.
package struct GeoDeviations: Sendable, Hashable {
    package enum Form: String, Sendable, Hashable, CaseIterable {
        /// common + sd z.
        case normal
        /// common · exp(sd z).
        case logNormal = "lognormal"
    }

    /// What has a standard deviation of its own.
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Every element: each channel, control or Fourier mode.
        case element
        /// The block: all its elements share one.
        case block
    }

    package var form: Form
    /// Prior of the mean: of the values, or of their logarithms where `form` is log-normal. Nil gives the common value
    /// the prior that the parameter has without deviations.
    package var mean: Prior?
    /// Prior of sd.
    package var sd: Prior
    package var scope: Scope

    package init(form: Form, mean: Prior? = nil, sd: Prior, scope: Scope = .element) {
        self.form = form
        self.mean = mean
        self.sd = sd
        self.scope = scope
    }
}

extension ModelSpecification {
    /// The name under which `hierarchy` holds what geos share of the channels' effects, whatever carries their priors.
    package static let effectBlock = "effect"

    /// The hierarchy of a block by the name of its parameter.
    ///
    /// Where nothing is said of it, `pooling` decides; there, partial pooling is about intercepts and effects only, whose
    /// deviations have parameters of their own.
    package func hierarchy(of parameter: String) -> BlockHierarchy {
        if let own = hierarchy[parameter] { return own }
        if MediaParameter(rawValue: parameter)?.role == .effect {
            switch hierarchy[Self.effectBlock] {
            case .complete, .partial: return .complete
            case .independent, .againstLargest: return .independent
            case nil: break
            }
        }
        return pooling == .none ? .independent : .complete
    }

    /// How effects with one parameter for all geos scatter between them; nil where they do not.
    package var effectDeviations: GeoDeviations? {
        switch hierarchy[Self.effectBlock] {
        case .partial(let deviations): deviations
        case .some: nil
        case nil: pooling == .partial ? GeoDeviations(form: .logNormal, sd: prior(.eta)) : nil
        }
    }

    /// Whether a panel's geos have intercepts of their own.
    package var hasGeoIntercepts: Bool {
        intercept && (hasInterceptDeviations || hierarchy(of: BaselineParameter.intercept.rawValue) != .complete)
    }

    /// Whether intercepts scatter around a common one by a learned scale.
    package var hasInterceptDeviations: Bool {
        pooling == .partial && intercept && hierarchy[BaselineParameter.intercept.rawValue] == nil
    }
}
