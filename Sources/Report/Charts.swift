import Analysis
import MarketingMix
import ModelDefinition

/// The page's charts as SVG. Lines and text take their colours from the page's variables `--ink`, `--rule` and
/// `--page`, so that they follow its light and dark form.
struct Charts {
    let content: ReportContent
    let phrases: Phrases

    static let width = 860.0

    // MARK: Contributions over time

    /// Mean contributions stacked by period: the baseline below, then the channels.
    func contributions(isStandalone: Bool = false) -> String {
        let series = ComponentSeries(content)
        let periods = content.dates.count
        var layers = [(name: phrases.baseline, fill: Palette.baseline, values: series.baseline)]
        for (order, channel) in series.channels.enumerated() {
            layers.append((channel.name, Palette.fill(order, in: "contributions"), channel.values))
        }
        var tops: [[Double]] = []
        var floor = [Double](repeating: 0, count: periods)
        for layer in layers {
            floor = zip(floor, layer.values).map(+)
            tops.append(floor)
        }
        let frame = ChartFrame(
            width: Self.width, height: 340, left: 56, right: labelWidth(layers.map(\.name)),
            low: min(0, tops.compactMap { $0.min() }.min() ?? 0), high: tops.compactMap { $0.max() }.max() ?? 1,
            language: phrases.language)
        var body =
            Palette.definitions(count: series.channels.count, in: "contributions") + frame.axes(dates: content.dates)
        var below = [Double](repeating: 0, count: periods)
        var labels: [(up: Double, text: String, fill: String)] = []
        for (layer, top) in zip(layers, tops) {
            body +=
                "<polygon points=\"\(frame.area(top, below))\" fill=\"\(layer.fill)\" stroke=\"var(--page)\" "
                + "stroke-width=\"0.7\"/>"
            if let last = top.last, let start = below.last {
                labels.append((frame.up((last + start) / 2), layer.name, layer.fill))
            }
            below = top
        }
        return svg(
            height: 340, title: phrases.contributionsHeading, description: phrases.contributionsDescription,
            body: body + frame.labels(labels), isStandalone: isStandalone)
    }

    // MARK: Actual and fitted

    /// The KPI as observed, and the fitted mean with its 90 % band; within the band that single periods are expected in, where
    /// that is known.
    func fit() -> String {
        let bands = [content.predictive, content.fitted].filter { !$0.isEmpty }
        let values = content.observed.filter(\.isFinite) + bands.joined().flatMap { [$0.q05, $0.q95] }
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let frame = ChartFrame(
            width: Self.width, height: 280, left: 56, right: labelWidth([phrases.actual, phrases.fitted]),
            low: low - 0.05 * (high - low), high: high + 0.02 * (high - low), language: phrases.language)
        let areas = zip(bands, bands.count == 2 ? [0.16, 0.34] : [0.28]).map { band, opacity in
            "<polygon points=\"\(frame.area(band.map(\.q95), band.map(\.q05)))\" fill=\"\(Palette.colour(0))\" "
                + "fill-opacity=\"\(opacity)\"/>"
        }
        let body =
            frame.axes(dates: content.dates) + areas.joined()
            + "<polyline points=\"\(frame.points(content.fitted.map(\.mean)))\" fill=\"none\" "
            + "stroke=\"\(Palette.colour(0))\" stroke-width=\"2\"/>"
            + "<polyline points=\"\(frame.points(content.observed))\" fill=\"none\" stroke=\"var(--ink)\" "
            + "stroke-width=\"1.2\" stroke-dasharray=\"4 2\"/>"
            + frame.labels([
                (frame.up(content.observed.last(where: \.isFinite) ?? 0), phrases.actual, "var(--ink)"),
                (frame.up(content.fitted.last?.mean ?? 0), phrases.fitted, Palette.colour(0)),
            ])
        return svg(
            height: 280, title: phrases.fitHeading,
            description: content.predictive.isEmpty ? phrases.fitDescription : phrases.predictiveDescription, body: body
        )
    }

    // MARK: Marks

    func c(_ value: Double) -> String { NumberText.coordinate(value) }

    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line x1=\"\(c(x1))\" y1=\"\(c(y1))\" x2=\"\(c(x2))\" y2=\"\(c(y2))\" \(style)/>"
    }

    func text(_ x: Double, _ y: Double, _ anchor: String, _ words: String) -> String {
        "<text x=\"\(c(x))\" y=\"\(c(y))\" text-anchor=\"\(anchor)\">\(words.escapedForMarkup)</text>"
    }

    /// From row to row: closer where there are many, so that charts of twelve channels leave room for each other on paper.
    func pitch(rows: Int, wide: Double, close: Double) -> Double { rows > 8 ? close : wide }

    /// Room for the longest of these words at the edge of a chart.
    func labelWidth(_ words: [String]) -> Double {
        min(220, 36 + 7.2 * Double(words.map(\.count).max() ?? 0))
    }

    /// - Parameter isStandalone: for a file of its own, which has no page to take variables and fonts from.
    func svg(
        width: Double = Charts.width, height: Double, title: String, description: String, body: String,
        isStandalone: Bool = false
    ) -> String {
        let style =
            "<style>svg{--page:#fff;--ink:#1b1f24;--rule:#d8dde3;background:var(--page)}"
            + "text{font:12px system-ui,sans-serif;fill:var(--ink)}</style>"
        return "<svg\(isStandalone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "") "
            + "viewBox=\"0 0 \(c(width)) \(c(height))\" role=\"img\">"
            + "<title>\(title.escapedForMarkup)</title><desc>\(description.escapedForMarkup)</desc>"
            + "\(isStandalone ? style : "")\(body)</svg>"
    }
}

/// Mean contributions by period: the baseline, which is all that is no channel, and each channel.
struct ComponentSeries {
    private(set) var baseline: [Double]
    private(set) var channels: [(name: String, values: [Double])] = []

    init(_ content: ReportContent) {
        let count = content.components.count
        baseline = [Double](repeating: 0, count: content.dates.count)
        for (index, component) in content.components.enumerated() {
            let values = content.dates.indices.map { content.contributions[$0 * count + index] }
            if component.isChannel {
                channels.append((component.name, values))
            } else {
                baseline = zip(baseline, values).map(+)
            }
        }
    }
}
