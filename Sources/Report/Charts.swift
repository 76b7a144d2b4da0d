import Analysis
import MarketingMix

/// Charts as inline SVG. Colours are those of Okabe & Ito, told apart by labels as well.
package enum Charts {
    private static let colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"]
    private static let baselineColour = "#9AA0A6"
    private static let width = 860.0

    static func colour(_ index: Int) -> String { colours[index % colours.count] }

    // MARK: Contributions over time

    /// Mean contributions stacked by period: the baseline below, then the channels.
    package static func contributions(_ content: ReportContent) -> String {
        let channels = content.components.enumerated().filter { $0.element.isChannel }
        let periods = content.dates.count
        func mean(_ component: Int, _ period: Int) -> Double {
            content.contributions[period * content.components.count + component].estimate.mean
        }
        var layers: [(name: String, colour: String, values: [Double])] = [
            (
                "baseline", baselineColour,
                (0..<periods).map { period in
                    content.components.indices.filter { !content.components[$0].isChannel }
                        .reduce(0) { $0 + mean($1, period) }
                }
            )
        ]
        for (order, channel) in channels.enumerated() {
            layers.append(
                (channel.element.name, colour(order), (0..<periods).map { mean(channel.offset, $0) }))
        }
        var floor = [Double](repeating: 0, count: periods)
        var tops: [[Double]] = []
        for layer in layers {
            floor = zip(floor, layer.values).map(+)
            tops.append(floor)
        }
        let frame = Frame(
            width: width, height: 320, left: 64, right: 110,
            low: min(0, layers[0].values.min() ?? 0), high: tops.last?.max() ?? 1)
        var body = frame.axis(dates: content.dates)
        var below = [Double](repeating: 0, count: periods)
        var labels: [(y: Double, text: String, colour: String)] = []
        for (layer, top) in zip(layers, tops) {
            let upper = top.indices.map { "\(frame.x($0, of: periods)),\(frame.y(top[$0]))" }
            let lower = below.indices.reversed().map { "\(frame.x($0, of: periods)),\(frame.y(below[$0]))" }
            body +=
                "<polygon points=\"\((upper + lower).joined(separator: " "))\" fill=\"\(layer.colour)\" "
                + "stroke=\"var(--page)\" stroke-width=\"0.5\"/>"
            if let last = top.last, let start = below.last {
                labels.append((frame.position((last + start) / 2), layer.name, layer.colour))
            }
            below = top
        }
        body += frame.labels(labels)
        return svg(
            height: 320, title: "Contributions over time",
            description: "Mean contribution to the KPI in every period: the baseline, then each channel, stacked.",
            body: body)
    }

    // MARK: Actual and fitted

    /// The KPI as observed, and the fitted mean with its 90 % band.
    package static func fit(_ content: ReportContent) -> String {
        let values = content.observed + content.fitted.flatMap { [$0.q05, $0.q95] }
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let frame = Frame(
            width: width, height: 260, left: 64, right: 130, low: low - 0.05 * (high - low), high: high)
        let count = content.dates.count
        func points(_ series: [Double]) -> String {
            series.indices.map { "\(frame.x($0, of: count)),\(frame.y(series[$0]))" }.joined(separator: " ")
        }
        let band =
            points(content.fitted.map(\.q95)) + " "
            + content.fitted.indices.reversed().map {
                "\(frame.x($0, of: count)),\(frame.y(content.fitted[$0].q05))"
            }.joined(separator: " ")
        var body = frame.axis(dates: content.dates)
        body += "<polygon points=\"\(band)\" fill=\"#0072B2\" fill-opacity=\"0.25\"/>"
        body +=
            "<polyline points=\"\(points(content.fitted.map(\.mean)))\" fill=\"none\" stroke=\"#0072B2\" stroke-width=\"1.5\"/>"
        body +=
            "<polyline points=\"\(points(content.observed))\" fill=\"none\" stroke=\"var(--ink)\" stroke-width=\"1\" "
            + "stroke-dasharray=\"3 2\"/>"
        body += frame.labels([
            (frame.position(content.observed.last ?? 0), "actual (dashed)", "var(--ink)"),
            (frame.position(content.fitted.last?.mean ?? 0), "fitted", "#0072B2"),
        ])
        return svg(
            height: 260, title: "Actual and fitted",
            description:
                "The KPI in every period as observed (dashed) and as fitted, with the 90 % interval of the mean.",
            body: body)
    }

    // MARK: Returns

    /// ROI by channel: mean and 90 % interval, with the line at which a channel pays for itself.
    package static func returns(_ content: ReportContent) -> String {
        let rows = content.channels.compactMap { channel in channel.roi.map { (channel.channel, $0) } }
        let breakEven = content.margin.map { 1 / $0 } ?? 1
        let left = 130.0
        let right = 90.0
        let height = 60 + 34 * Double(rows.count)
        let high = 1.08 * max(breakEven * 1.2, rows.map(\.1.q95).max() ?? 1)
        let low = min(0, rows.map(\.1.q05).min() ?? 0)
        func x(_ value: Double) -> Double { left + (value - low) / (high - low) * (width - left - right) }
        var body = ""
        for tick in Frame.ticks(low, high) {
            body +=
                "<line x1=\"\(c(x(tick)))\" x2=\"\(c(x(tick)))\" y1=\"22\" y2=\"\(c(height - 28))\" stroke=\"var(--rule)\"/>"
                + "<text x=\"\(c(x(tick)))\" y=\"\(c(height - 10))\" text-anchor=\"middle\">\(NumberText.short(tick))</text>"
        }
        body +=
            "<line x1=\"\(c(x(breakEven)))\" x2=\"\(c(x(breakEven)))\" y1=\"16\" y2=\"\(c(height - 28))\" "
            + "stroke=\"#D55E00\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/>"
            + "<text x=\"\(c(x(breakEven)))\" y=\"12\" text-anchor=\"middle\" class=\"strong\">break-even "
            + "\(NumberText.short(breakEven))</text>"
        for (index, (name, roi)) in rows.enumerated() {
            let y = 40 + 34 * Double(index)
            body +=
                "<text x=\"\(c(left - 12))\" y=\"\(c(y + 4))\" text-anchor=\"end\">\(name.escapedForMarkup)</text>"
                + "<line x1=\"\(c(x(roi.q05)))\" x2=\"\(c(x(roi.q95)))\" y1=\"\(c(y))\" y2=\"\(c(y))\" "
                + "stroke=\"\(colour(index))\" stroke-width=\"5\" stroke-linecap=\"round\"/>"
                + "<circle cx=\"\(c(x(roi.mean)))\" cy=\"\(c(y))\" r=\"6\" fill=\"var(--page)\" "
                + "stroke=\"\(colour(index))\" stroke-width=\"3\"/>"
                + "<text x=\"\(c(min(x(roi.q95) + 12, width - right + 8)))\" y=\"\(c(y + 4))\">\(NumberText.short(roi.mean))</text>"
        }
        return svg(
            height: height, title: "Return on investment",
            description: "Money of KPI per money spent, by channel: mean as a ring, 90 % interval as a bar.", body: body
        )
    }

    // MARK: Response curves

    /// One small chart a channel: contribution against spend, the spend of the data marked.
    package static func responseCurve(_ points: [ResponseCurvePoint], spend: Double, order: Int) -> String {
        let width = 270.0
        let height = 190.0
        let highSpend = points.last?.spend ?? 1
        let frame = Frame(
            width: width, height: height, left: 48, right: 14, low: 0, high: points.map(\.contribution.q95).max() ?? 1)
        func x(_ value: Double) -> Double { 48 + value / highSpend * (width - 62) }
        func pair(_ spend: Double, _ value: Double) -> String { "\(c(x(spend))),\(frame.y(value))" }
        var body = frame.levels()
        let band =
            points.map { pair($0.spend, $0.contribution.q95) }
            + points.reversed().map { pair($0.spend, $0.contribution.q05) }
        body +=
            "<polygon points=\"\(band.joined(separator: " "))\" fill=\"\(colour(order))\" fill-opacity=\"0.25\"/>"
            + "<polyline points=\"\(points.map { pair($0.spend, $0.contribution.mean) }.joined(separator: " "))\" "
            + "fill=\"none\" stroke=\"\(colour(order))\" stroke-width=\"2\"/>"
        if let now = points.first(where: { $0.spend == spend }) {
            body +=
                "<circle cx=\"\(c(x(now.spend)))\" cy=\"\(frame.y(now.contribution.mean))\" r=\"4.5\" fill=\"var(--ink)\"/>"
        }
        for tick in [0, highSpend / 2, highSpend] {
            body +=
                "<text x=\"\(c(x(tick)))\" y=\"\(c(height - 8))\" text-anchor=\"\(tick == 0 ? "start" : tick == highSpend ? "end" : "middle")\">"
                + "\(NumberText.short(tick))</text>"
        }
        let name = points.first?.channel ?? ""
        return svg(
            width: width, height: height, title: "Response of \(name)",
            description: "Contribution against spend over the whole series; the dot is the spend of the data.",
            body: body)
    }

    private static func c(_ value: Double) -> String { NumberText.coordinate(value) }

    private static func svg(
        width: Double = Charts.width, height: Double, title: String, description: String, body: String
    ) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(c(width)) \(c(height))\" role=\"img\">"
            + "<title>\(title.escapedForMarkup)</title><desc>\(description.escapedForMarkup)</desc>\(body)</svg>"
    }
}

/// The plane of a chart over time.
private struct Frame {
    let width: Double
    let height: Double
    let left: Double
    let right: Double
    let low: Double
    let high: Double

    private static let top = 14.0
    private static let bottom = 30.0

    func x(_ period: Int, of count: Int) -> String {
        NumberText.coordinate(left + Double(period) / Double(max(1, count - 1)) * (width - left - right))
    }

    func position(_ value: Double) -> Double {
        let span = high > low ? high - low : 1
        return height - Self.bottom - (value - low) / span * (height - Self.top - Self.bottom)
    }

    func y(_ value: Double) -> String { NumberText.coordinate(position(value)) }

    /// Levels, and a mark at each new year.
    func axis(dates: [CalendarDate]) -> String {
        var text = levels()
        for period in dates.indices.dropFirst() where dates[period].civil.year != dates[period - 1].civil.year {
            let x = x(period, of: dates.count)
            text +=
                "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(NumberText.coordinate(Self.top))\" "
                + "y2=\"\(NumberText.coordinate(height - Self.bottom))\" stroke=\"var(--rule)\"/>"
                + "<text x=\"\(x)\" y=\"\(NumberText.coordinate(height - 10))\" text-anchor=\"middle\">"
                + "\(dates[period].civil.year)</text>"
        }
        return text
    }

    func levels() -> String {
        Self.ticks(low, high).map { tick in
            "<line x1=\"\(NumberText.coordinate(left))\" x2=\"\(NumberText.coordinate(width - right))\" "
                + "y1=\"\(y(tick))\" y2=\"\(y(tick))\" stroke=\"var(--rule)\"/>"
                + "<text x=\"\(NumberText.coordinate(left - 6))\" y=\"\(NumberText.coordinate(position(tick) + 4))\" "
                + "text-anchor=\"end\">\(NumberText.short(tick))</text>"
        }.joined()
    }

    /// Names at the right edge, moved apart until none covers another.
    func labels(_ labels: [(y: Double, text: String, colour: String)]) -> String {
        var placed = labels.sorted { $0.y < $1.y }
        for index in placed.indices.dropFirst() { placed[index].y = max(placed[index].y, placed[index - 1].y + 14) }
        let overflow = (placed.last?.y ?? 0) - (height - 18)
        if overflow > 0 { for index in placed.indices { placed[index].y -= overflow } }
        let x = NumberText.coordinate(width - right + 18)
        return placed.map { label in
            "<rect x=\"\(NumberText.coordinate(width - right + 6))\" y=\"\(NumberText.coordinate(label.y - 4))\" "
                + "width=\"8\" height=\"8\" fill=\"\(label.colour)\"/>"
                + "<text x=\"\(x)\" y=\"\(NumberText.coordinate(label.y + 4))\">\(label.text.escapedForMarkup)</text>"
        }.joined()
    }

    /// Three to six round numbers from `low` to `high`.
    static func ticks(_ low: Double, _ high: Double) -> [Double] {
        guard high > low, (high - low).isFinite else { return [] }
        var step = 1.0
        while step * 5 < high - low { step *= 10 }
        while step * 0.5 > high - low { step /= 10 }
        for divisor in [5.0, 2.0, 1.0] where (high - low) / (step / divisor) <= 6 {
            step /= divisor
            break
        }
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last >= first, last - first < 20 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }
}
