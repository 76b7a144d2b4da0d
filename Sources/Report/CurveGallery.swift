import MarketingMix
import ModelDefinition

/// Pictures of every kind of carry-over and saturation, as the documentation shows them.
package enum CurveGallery {
    private struct Line {
        var label: String
        var parameters: [MediaParameter: Double]
    }

    private static let lags = 12
    private static let points = 101

    /// SVG files by name.
    package static func files() -> [(name: String, svg: String)] {
        Adstock.Kind.allCases.map { kind in
            let adstock = Adstock(kind: kind, maximumLag: kind == .none ? 0 : lags)
            let series = lines(kind).map { ($0.label, ResponseShape.weights(of: adstock, $0.parameters)) }
            return ("adstock-\(kind.rawValue).svg", carryOver(kind, series))
        }
            + Saturation.allCases.map { kind in
                let exposures = (0..<points).map { Double($0) / Double(points - 1) }
                let series = lines(kind).map {
                    ($0.label, ResponseShape.responses(of: kind, at: exposures, $0.parameters))
                }
                return ("saturation-\(kind.rawValue).svg", saturation(kind, series))
            }
    }

    private static func lines(_ kind: Adstock.Kind) -> [Line] {
        func retention(_ values: Double...) -> [Line] {
            values.map { Line(label: "α = \($0)", parameters: [.alpha: $0]) }
        }
        func pairs(
            _ first: (String, MediaParameter), _ second: (String, MediaParameter), _ values: [(Double, Double)]
        ) -> [Line] {
            values.map { a, b in
                Line(label: "\(first.0) = \(a), \(second.0) = \(b)", parameters: [first.1: a, second.1: b])
            }
        }
        let scale = ("λ", MediaParameter.weibullScale)
        let shape = ("k", MediaParameter.weibullShape)
        return switch kind {
        case .geometric: retention(0.3, 0.6, 0.85)
        case .delayed: pairs(("α", .alpha), ("θ", .theta), [(0.5, 1), (0.7, 3), (0.9, 5)])
        case .binomial, .meridianBinomial: retention(0.2, 0.4, 0.7)
        case .weibullDensity: pairs(scale, shape, [(2, 1.5), (5, 2), (8, 4)])
        case .weibullSurvival: pairs(scale, shape, [(1.5, 1), (4, 1.5), (8, 3)])
        case .none: [Line(label: "weight 1 at lag 0", parameters: [:])]
        }
    }

    private static func lines(_ kind: Saturation) -> [Line] {
        func line(_ label: String, _ parameters: [MediaParameter: Double]) -> Line {
            Line(label: label, parameters: parameters)
        }
        func rates(_ symbol: String, _ parameter: MediaParameter, _ values: Double...) -> [Line] {
            values.map { line("\(symbol) = \($0)", [parameter: $0]) }
        }
        return switch kind {
        case .hill:
            [(0.2, 1.0), (0.5, 1.0), (0.5, 3.0)].map { line("κ = \($0), s = \($1)", [.ec: $0, .slope: $1]) }
        case .logistic: rates("λ", .lam, 1, 3, 8)
        case .inverseLogistic, .michaelisMenten: rates("λ", .lam, 0.1, 0.3, 0.8)
        case .tanh: rates("c", .c, 0.1, 0.3, 0.8)
        case .baselinedTanh:
            [0.3, 0.6, 0.9].map { line("ρ = \($0), x₀ = 0.5, g = 1", [.r: $0, .x0: 0.5, .gain: 1]) }
        case .sigmoid:
            [(5.0, 0.3), (12.0, 0.3), (12.0, 0.6)].map { line("b = \($0), λ = \($1)", [.rate: $0, .lam: $1]) }
        case .root: rates("a", .exponent, 0.2, 0.5, 0.8)
        case .log, .none: [line("β = 1", [:])]
        }
    }

    // MARK: Drawing

    private static let width = 560.0
    private static let height = 260.0

    private static func carryOver(_ kind: Adstock.Kind, _ series: [(label: String, values: [Double])]) -> String {
        let frame = frame(series)
        let marks = (0..<lags + 1).map { lag in
            text(frame.across(Double(lag) / Double(lags)), "\(lag)")
        }
        let lines = series.enumerated().map { order, line in
            let full = line.values + [Double](repeating: 0, count: lags + 1 - line.values.count)
            let dots = full.enumerated().map { lag, value in
                "<circle cx=\"\(frame.x(lag, of: full.count))\" cy=\"\(frame.y(value))\" r=\"3\" "
                    + "fill=\"\(Palette.colour(order))\"/>"
            }
            return polyline(frame.points(full), order) + dots.joined()
        }
        return svg(
            title: "Adstock \(kind.rawValue)", description: "Weights by lag in periods, which add up to 1.",
            body: frame.levels() + marks.joined() + lines.joined() + legend(series.map(\.label)))
    }

    private static func saturation(_ kind: Saturation, _ series: [(label: String, values: [Double])]) -> String {
        let frame = frame(series)
        let marks = [0, 0.25, 0.5, 0.75, 1].map { text(frame.across($0), NumberText.tick($0)) }
        let lines = series.enumerated().map { order, line in polyline(frame.points(line.values), order) }
        return svg(
            title: "Saturation \(kind.rawValue)",
            description: "Effect at β = 1 against exposure as a share of its largest.",
            body: frame.levels() + marks.joined() + lines.joined() + legend(series.map(\.label)))
    }

    private static func frame(_ series: [(label: String, values: [Double])]) -> ChartFrame {
        ChartFrame(
            width: width, height: height, left: 46, right: 190, low: 0,
            high: 1.04 * (series.compactMap { $0.values.max() }.max() ?? 1))
    }

    /// Lines differ by their dashes as well as by colour.
    private static func polyline(_ points: String, _ order: Int) -> String {
        "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(Palette.colour(order))\" stroke-width=\"2.2\""
            + "\(dashes(order))/>"
    }

    private static func dashes(_ order: Int) -> String {
        ["", " stroke-dasharray=\"7 3\"", " stroke-dasharray=\"2 3\""][order % 3]
    }

    private static func legend(_ labels: [String]) -> String {
        labels.enumerated().map { order, label in
            let y = 34 + 22 * order
            return "<line x1=\"\(Int(width) - 180)\" x2=\"\(Int(width) - 150)\" y1=\"\(y)\" y2=\"\(y)\" "
                + "stroke=\"\(Palette.colour(order))\" stroke-width=\"2.2\"\(dashes(order))/>"
                + "<text x=\"\(Int(width) - 142)\" y=\"\(y + 4)\">\(label.escapedForMarkup)</text>"
        }.joined()
    }

    private static func text(_ x: Double, _ words: String) -> String {
        "<text x=\"\(NumberText.coordinate(x))\" y=\"\(Int(height) - 10)\" text-anchor=\"middle\">"
            + "\(words.escapedForMarkup)</text>"
    }

    private static func svg(title: String, description: String, body: String) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\">"
            + "<title>\(title)</title><desc>\(description)</desc>"
            + "<style>svg{--ink:#1b1f24;--rule:#d8dde3;background:#fff}"
            + "text{font:12px system-ui,sans-serif;fill:var(--ink)}</style>\(body)</svg>\n"
    }
}
