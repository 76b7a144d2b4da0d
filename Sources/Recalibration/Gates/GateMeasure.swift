import Posterior
import Wording

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

    /// `3.4 standard errors, not below 3 but at most 4`, `3,4 erreurs types (seuil : moins de 3 ; rejet au-delà de 4)`.
    func phrase(_ unit: MeasureUnit = .none) -> Sentence {
        let told = Sentence("\(text(value))\(unit.after(value))", french: "\(text(value))\(unit.after(value))")
        guard let bound else { return told }
        if value.isNaN { return Self.notANumber }
        return Sentence("\(told), \(comparison(bound))", french: "\(told) (\(thresholds(bound)))")
    }

    /// The same with its verb: `is 3.4, below 4`, `est de 3,4 (seuil : moins de 4)`.
    func clause(_ unit: MeasureUnit = .none) -> Sentence {
        let phrase = phrase(unit)
        return Sentence("is \(phrase)", french: value.isNaN ? "n’est \(phrase)" : "est de \(phrase)")
    }

    private func comparison(_ bound: GateBound) -> String {
        let (within, beyond): (String, String) =
            switch bound.side {
            case .below, .upTo: ("below", "not below")
            case .atMost: ("at most", "more than")
            case .atLeast: ("at least", "less than")
            }
        let heldWithin: String =
            switch bound.side {
            case .below: "below"
            case .upTo, .atMost: "at most"
            case .atLeast: "at least"
            }
        switch verdict {
        case .promote: return "\(within) \(text(bound.promote))"
        case .hold:
            return Self.mayFail(bound)
                ? "\(beyond) \(text(bound.promote)) but \(heldWithin) \(text(bound.hold))"
                : "\(beyond) \(text(bound.promote))"
        case .fail:
            let failing = bound.side == .below ? "not below" : bound.side == .atLeast ? "less than" : "more than"
            return "\(failing) \(text(bound.hold))"
        }
    }

    /// The bounds that the English names, as a French table has them.
    private func thresholds(_ bound: GateBound) -> FrenchText {
        let (promote, hold) = (text(bound.promote), text(bound.hold))
        let threshold: FrenchText =
            switch bound.side {
            case .below, .upTo: "seuil : moins de \(promote)"
            case .atMost: "seuil : \(promote) au plus"
            case .atLeast: "seuil : \(promote) au moins"
            }
        let rejection: FrenchText =
            switch bound.side {
            case .below: "rejet à partir de \(hold)"
            case .upTo, .atMost: "rejet au-delà de \(hold)"
            case .atLeast: "rejet au-dessous de \(hold)"
            }
        return switch verdict {
        case .promote: threshold
        case .hold: Self.mayFail(bound) ? "\(threshold) ; \(rejection)" : threshold
        // Where both bounds are one, what lies beyond it is rejected only where another figure says so too.
        case .fail: bound.hold == bound.promote ? threshold : rejection
        }
    }

    /// Whether any value lies beyond the second bound.
    private static func mayFail(_ bound: GateBound) -> Bool {
        bound.hold.isFinite && !(bound.side == .atLeast && bound.hold <= 0)
    }

    private func text(_ value: Double) -> Sentence {
        if value.isNaN { return Self.notANumber }
        if value.isInfinite { return Sentence("infinite", french: value < 0 ? "−∞" : "∞") }
        if figure?.isShare == true {
            let share = Figure.threeDigits(100 * value)
            return Sentence("\(share) %", french: "\(share) %")
        }
        // R-hat is read to its third place.
        let number =
            figure == .rHat ? Self.trimmed(Figure.decimal(value, places: 3)) : Figure.threeDigits(value)
        return Sentence(number, french: "\(number)")
    }

    private static var notANumber: Sentence { Sentence("not a number", french: "pas un nombre") }

    private static func trimmed(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
}
