import Posterior

/// A number that a gate looked at, with its bounds where it has any.
package struct GateMeasure: Sendable, Hashable {
    /// The figure's name: that of a `GateFigure` where it has bounds.
    package let name: String
    /// The channel, quantity or week that it is of; nil where it is of all.
    package let subject: String?
    package let value: Double
    package let bound: GateBound?

    package init(_ figure: GateFigure, of subject: String? = nil, _ value: Double, _ bounds: GateBounds) {
        self.init(name: figure.rawValue, subject: subject, value: value, bound: bounds[figure])
    }

    /// One that is told and decides nothing.
    package init(name: String, of subject: String? = nil, _ value: Double) {
        self.init(name: name, subject: subject, value: value, bound: nil)
    }

    init(name: String, subject: String?, value: Double, bound: GateBound?) {
        self.name = name
        self.subject = subject
        self.value = value
        self.bound = bound
    }

    /// Promoted where it has no bounds.
    package var verdict: Verdict { bound?.verdict(value) ?? .promote }

    var figure: GateFigure? { GateFigure(rawValue: name) }

    /// How far it lies from its first bound; a NaN lies furthest.
    var excess: Double {
        guard let bound else { return -.infinity }
        if value.isNaN { return .infinity }
        return bound.side == .atLeast ? bound.promote - value : value - bound.promote
    }

    /// `3.4 errors, not below 3 but at most 4`, the unit being ` errors`.
    func phrase(unit: String = "") -> String {
        guard let bound else { return text(value) + unit }
        if value.isNaN { return "not a number" }
        let (within, beyond): (String, String) =
            switch bound.side {
            case .below: ("below", "not below")
            case .upTo: ("below", "not below")
            case .atMost: ("at most", "more than")
            case .atLeast: ("at least", "less than")
            }
        let heldWithin: String =
            switch bound.side {
            case .below: "below"
            case .upTo, .atMost: "at most"
            case .atLeast: "at least"
            }
        let first: String
        switch verdict {
        case .promote: first = "\(within) \(text(bound.promote))"
        case .hold:
            first =
                bound.hold.isFinite && !(bound.side == .atLeast && bound.hold <= 0)
                ? "\(beyond) \(text(bound.promote)) but \(heldWithin) \(text(bound.hold))"
                : "\(beyond) \(text(bound.promote))"
        case .fail:
            let failing = bound.side == .below ? "not below" : bound.side == .atLeast ? "less than" : "more than"
            first = "\(failing) \(text(bound.hold))"
        }
        return "\(text(value))\(unit), \(first)"
    }

    private func text(_ value: Double) -> String {
        if figure?.isShare == true { return "\(Self.short(100 * value)) %" }
        // R-hat is read to its third place.
        return figure == .rHat ? Self.trimmed(Figure.decimal(value, places: 3)) : Self.short(value)
    }

    private static func short(_ value: Double) -> String {
        value.isFinite ? Figure.threeDigits(value) : value.isNaN ? "not a number" : "infinite"
    }

    private static func trimmed(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
}
