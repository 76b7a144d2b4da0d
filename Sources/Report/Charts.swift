import Analysis
import MarketingMix
import ModelDefinition

/// The page's charts as SVG. Lines and text take their colours from the page's variables `--ink`, `--rule` and
/// `--page`, so that they follow its light and dark form.
struct Charts {
    let content: ReportContent
    let phrases: Phrases

    private static let width = 860.0

    // MARK: Contributions over time

    /// Mean contributions stacked by period: the baseline below, then the channels.
    func contributions(isStandalone: Bool = false) -> String {
        let series = ComponentSeries(content)
        let periods = content.dates.count
        var layers = [(name: phrases.baseline, fill: Palette.baseline, values: series.baseline)]
        for (order, channel) in series.channels.enumerated() {
            layers.append((channel.name, Palette.fill(order), channel.values))
        }
        var tops: [[Double]] = []
        var floor = [Double](repeating: 0, count: periods)
        for layer in layers {
            floor = zip(floor, layer.values).map(+)
            tops.append(floor)
        }
        let frame = ChartFrame(
            width: Self.width, height: 340, left: 56, right: labelWidth(layers.map(\.name)),
            low: min(0, tops.compactMap { $0.min() }.min() ?? 0), high: tops.compactMap { $0.max() }.max() ?? 1)
        var body = Palette.definitions(count: series.channels.count) + frame.axes(dates: content.dates)
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

    /// The KPI as observed, and the fitted mean with its 90 % band.
    func fit() -> String {
        let values = content.observed.filter(\.isFinite) + content.fitted.flatMap { [$0.q05, $0.q95] }
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let frame = ChartFrame(
            width: Self.width, height: 260, left: 56, right: labelWidth([phrases.actual, phrases.fitted]),
            low: low - 0.05 * (high - low), high: high + 0.02 * (high - low))
        let band = frame.area(content.fitted.map(\.q95), content.fitted.map(\.q05))
        let body =
            frame.axes(dates: content.dates)
            + "<polygon points=\"\(band)\" fill=\"\(Palette.colour(0))\" fill-opacity=\"0.28\"/>"
            + "<polyline points=\"\(frame.points(content.fitted.map(\.mean)))\" fill=\"none\" "
            + "stroke=\"\(Palette.colour(0))\" stroke-width=\"2\"/>"
            + "<polyline points=\"\(frame.points(content.observed))\" fill=\"none\" stroke=\"var(--ink)\" "
            + "stroke-width=\"1.2\" stroke-dasharray=\"4 2\"/>"
            + frame.labels([
                (frame.up(content.observed.last(where: \.isFinite) ?? 0), phrases.actual, "var(--ink)"),
                (frame.up(content.fitted.last?.mean ?? 0), phrases.fitted, Palette.colour(0)),
            ])
        return svg(height: 260, title: phrases.fitHeading, description: phrases.fitDescription, body: body)
    }

    // MARK: Returns

    /// ROI by channel with spend: mean and 90 % interval, with the line at which a channel pays for itself; nil
    /// without such a channel.
    func returns() -> String? {
        let rows = content.channels.enumerated().compactMap { order, channel in
            channel.roi.map { (order: order, name: channel.channel, roi: $0, robust: robustInterval(channel)) }
        }
        guard !rows.isEmpty else { return nil }
        let breakEven = content.margin.map { 1 / $0 } ?? 1
        let left = labelWidth(rows.map(\.name))
        let right = 70.0
        let height = 66 + 34 * Double(rows.count)
        let uppers = rows.flatMap { [$0.roi.q95, $0.robust?.upper ?? $0.roi.q95] }
        let lowers = rows.flatMap { [$0.roi.q05, $0.robust?.lower ?? $0.roi.q05] }
        let high = max(1.2 * breakEven, 1.04 * (uppers.max() ?? 1))
        let low = min(0, lowers.min() ?? 0)
        func x(_ value: Double) -> Double { left + (value - low) / (high - low) * (Self.width - left - right) }
        var body = ""
        for tick in ChartFrame.ticks(low, high) {
            body +=
                line(x(tick), 24, x(tick), height - 28, "stroke=\"var(--rule)\"")
                + text(x(tick), height - 10, "middle", NumberText.tick(tick))
        }
        body +=
            line(
                x(breakEven), 18, x(breakEven), height - 28,
                "stroke=\"var(--ink)\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"")
            + text(x(breakEven), 13, "middle", "\(phrases.breakEven) \(NumberText.decimal(breakEven, 2))")
        for (index, row) in rows.enumerated() {
            let y = 42 + 34 * Double(index)
            let stroke = "stroke=\"\(Palette.colour(row.order))\""
            body +=
                text(left - 12, y + 4, "end", row.name)
                + line(x(row.roi.q05), y, x(row.roi.q95), y, "\(stroke) stroke-width=\"6\" stroke-linecap=\"round\"")
            if let robust = row.robust {
                body += line(x(robust.lower), y + 9, x(robust.upper), y + 9, "stroke=\"var(--ink)\"")
            }
            body +=
                "<circle cx=\"\(c(x(row.roi.mean)))\" cy=\"\(c(y))\" r=\"6\" fill=\"var(--page)\" \(stroke) "
                + "stroke-width=\"3\"/>"
                + text(
                    x(max(row.roi.q95, row.robust?.upper ?? row.roi.q95)) + 10, y + 4, "start",
                    NumberText.decimal(row.roi.mean, 2))
        }
        return svg(height: height, title: phrases.returnsHeading, description: phrases.returnsDescription, body: body)
    }

    /// The credible interval, each side widened by the robust ÷ the posterior standard deviation, which is at least 1;
    /// nil without resamples.
    private func robustInterval(_ channel: ChannelRow) -> (lower: Double, upper: Double)? {
        guard let roi = channel.roi, roi.sd > 0,
            let row = content.bootstrap.first(where: { $0.quantity == "roi[\(channel.channel)]" })
        else { return nil }
        let factor = row.robustSD / row.posteriorSD
        return (roi.mean - factor * (roi.mean - roi.q05), roi.mean + factor * (roi.q95 - roi.mean))
    }

    // MARK: Response curves

    /// One small chart a channel: contribution against spend, the spend of the data marked; nil without spend.
    func responseCurve(_ channel: ChannelRow, order: Int) -> String? {
        let points = content.responseCurves.filter { $0.channel == channel.channel }
        guard let highSpend = points.last?.spend, highSpend > 0 else { return nil }
        let frame = ChartFrame(
            width: 280, height: 190, left: 46, right: 16, low: min(0, points.map(\.contribution.q05).min() ?? 0),
            high: 1.02 * (points.map(\.contribution.q95).max() ?? 1))
        func x(_ spend: Double) -> Double { frame.across(spend / highSpend) }
        // The points are evenly spaced, as the frame expects of a series.
        let area = frame.area(points.map(\.contribution.q95), points.map(\.contribution.q05))
        var body =
            frame.levels()
            + "<polygon points=\"\(area)\" fill=\"\(Palette.colour(order))\" fill-opacity=\"0.3\"/>"
            + "<polyline points=\"\(frame.points(points.map(\.contribution.mean)))\" fill=\"none\" "
            + "stroke=\"\(Palette.colour(order))\" stroke-width=\"2.5\"/>"
        if let now = points.first(where: { $0.spend == channel.spend }) {
            body +=
                line(
                    x(now.spend), frame.up(now.contribution.mean), x(now.spend), frame.up(frame.low),
                    "stroke=\"var(--ink)\" stroke-dasharray=\"2 2\"")
                + "<circle cx=\"\(c(x(now.spend)))\" cy=\"\(frame.y(now.contribution.mean))\" r=\"4.5\" "
                + "fill=\"var(--ink)\"/>"
        }
        for (spend, anchor) in [(0, "start"), (highSpend / 2, "middle"), (highSpend, "end")] {
            body += text(x(spend), frame.height - 10, anchor, spend == 0 ? "0" : NumberText.short(spend))
        }
        return svg(
            width: frame.width, height: frame.height, title: "\(phrases.curvesHeading): \(channel.channel)",
            description: phrases.curvesDescription, body: body)
    }

    // MARK: Marks

    private func c(_ value: Double) -> String { NumberText.coordinate(value) }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line x1=\"\(c(x1))\" y1=\"\(c(y1))\" x2=\"\(c(x2))\" y2=\"\(c(y2))\" \(style)/>"
    }

    private func text(_ x: Double, _ y: Double, _ anchor: String, _ words: String) -> String {
        "<text x=\"\(c(x))\" y=\"\(c(y))\" text-anchor=\"\(anchor)\">\(words.escapedForMarkup)</text>"
    }

    /// Room for the longest of these words at the edge of a chart.
    private func labelWidth(_ words: [String]) -> Double {
        min(220, 36 + 7.2 * Double(words.map(\.count).max() ?? 0))
    }

    /// - Parameter isStandalone: for a file of its own, which has no page to take variables and fonts from.
    private func svg(
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
            let values = content.dates.indices.map { content.contributions[$0 * count + index].estimate.mean }
            if component.isChannel {
                channels.append((component.name, values))
            } else {
                baseline = zip(baseline, values).map(+)
            }
        }
    }
}
