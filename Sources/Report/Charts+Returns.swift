import Analysis

extension Charts {
    private struct ReturnRow {
        var name: String
        var roi: Estimate
        var marginal: Estimate?
        var robust: (lower: Double, upper: Double)?

        var ends: [Double] {
            [roi.q05, roi.q95] + (marginal.map { [$0.q05, $0.q95] } ?? [])
                + (robust.map { [$0.lower, $0.upper] } ?? [])
        }
    }

    /// ROI and marginal ROI by channel with spend: means and 90 % intervals, with the line at which a channel pays for
    /// itself; the values stand beside, where no line crosses them. Nil without such a channel.
    func returns() -> String? {
        let rows = content.channels.compactMap { channel in
            channel.roi.map {
                ReturnRow(
                    name: channel.channel, roi: $0, marginal: channel.marginalROI, robust: robustInterval(channel))
            }
        }
        guard !rows.isEmpty else { return nil }
        let language = phrases.language
        let breakEven = content.margin.map { 1 / $0 } ?? 1
        let left = labelWidth(rows.map(\.name))
        let right = 190.0
        let pitch = pitch(rows: rows.count, wide: 48, close: 36)
        let height = 66 + pitch * Double(rows.count)
        let ends = rows.flatMap(\.ends)
        let high = max(1.2 * breakEven, 1.04 * (ends.max() ?? 1))
        let low = min(0, ends.min() ?? 0)
        func x(_ value: Double) -> Double { left + (value - low) / (high - low) * (Self.width - left - right) }
        var body = ""
        for tick in ChartFrame.ticks(low, high) {
            body +=
                line(x(tick), 24, x(tick), height - 28, "stroke=\"var(--rule)\"")
                + text(x(tick), height - 10, "middle", NumberText.tick(tick, language))
        }
        body +=
            line(
                x(breakEven), 18, x(breakEven), height - 28,
                "stroke=\"var(--ink)\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"")
            + text(x(breakEven), 13, "middle", "\(phrases.breakEven) \(NumberText.decimal(breakEven, 2, language))")
            + text(Self.width - 110, 13, "end", phrases.roi) + text(Self.width - 4, 13, "end", phrases.marginalROI)
        for (index, row) in rows.enumerated() {
            let y = 44 + pitch * Double(index)
            let stroke = "stroke=\"var(--accent)\""
            body +=
                text(left - 12, y + 9, "end", row.name)
                + line(x(row.roi.q05), y, x(row.roi.q95), y, "\(stroke) stroke-width=\"6\" stroke-linecap=\"round\"")
            if let robust = row.robust {
                body += line(x(robust.lower), y + 8, x(robust.upper), y + 8, "stroke=\"var(--ink)\"")
            }
            body +=
                "<circle cx=\"\(c(x(row.roi.mean)))\" cy=\"\(c(y))\" r=\"6\" fill=\"var(--page)\" \(stroke) "
                + "stroke-width=\"3\"/>"
                + text(Self.width - 110, y + 9, "end", NumberText.decimal(row.roi.mean, 2, language))
            if let marginal = row.marginal {
                body +=
                    line(x(marginal.q05), y + 18, x(marginal.q95), y + 18, "\(stroke) stroke-width=\"3\"")
                    + "<rect x=\"\(c(x(marginal.mean) - 5))\" y=\"\(c(y + 13))\" width=\"10\" height=\"10\" "
                    + "fill=\"var(--page)\" \(stroke) stroke-width=\"2.5\"/>"
                    + text(Self.width - 4, y + 9, "end", NumberText.decimal(marginal.mean, 2, language))
            }
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

    /// One small chart a channel: contribution against spend, the spend of the data marked, with what is proposed, and what
    /// was never observed shaded; nil without spend.
    func responseCurve(_ channel: ChannelRow) -> String? {
        let points = content.responseCurves.filter { $0.channel == channel.channel }
        guard let highSpend = points.last?.spend, highSpend > 0 else { return nil }
        let frame = ChartFrame(
            width: 280, height: 190, left: 50, right: 16, low: min(0, points.map(\.contribution.q05).min() ?? 0),
            high: 1.02 * (points.map(\.contribution.q95).max() ?? 1), language: phrases.language)
        func x(_ spend: Double) -> Double { frame.across(spend / highSpend) }
        // The points are evenly spaced, as the frame expects of a series.
        let area = frame.area(points.map(\.contribution.q95), points.map(\.contribution.q05))
        // All periods are scaled alike, so that beyond today's spend the dearest of them gets more than any ever had.
        var body =
            "<rect x=\"\(c(x(channel.spend)))\" y=\"\(c(ChartFrame.top))\" "
            + "width=\"\(c(max(0, x(highSpend) - x(channel.spend))))\" "
            + "height=\"\(c(frame.height - ChartFrame.top - ChartFrame.bottom))\" fill=\"var(--unseen)\"/>"
            + frame.levels()
            + "<polygon points=\"\(area)\" fill=\"var(--accent)\" fill-opacity=\"0.3\"/>"
            + "<polyline points=\"\(frame.points(points.map(\.contribution.mean)))\" fill=\"none\" "
            + "stroke=\"var(--accent)\" stroke-width=\"2.5\"/>"
        if let now = points.first(where: { $0.spend == channel.spend }) {
            body +=
                line(
                    x(now.spend), frame.up(now.contribution.mean), x(now.spend), frame.up(frame.low),
                    "stroke=\"var(--ink)\" stroke-dasharray=\"2 2\"")
                + "<circle cx=\"\(c(x(now.spend)))\" cy=\"\(frame.y(now.contribution.mean))\" r=\"4.5\" "
                + "fill=\"var(--ink)\"/>"
        }
        if let decision = content.decision,
            let row = decision.rows.first(where: { $0.channel == channel.channel }), row.chance != nil,
            row.proposed * Double(content.windowPeriodCount) <= highSpend * Double(decision.periodCount)
        {
            let proposed = row.proposed * Double(content.windowPeriodCount) / Double(decision.periodCount)
            let up = frame.up(Self.height(of: points, at: proposed))
            body +=
                "<path d=\"M\(c(x(proposed))) \(c(up - 6))l6 6l-6 6l-6 -6z\" fill=\"var(--page)\" stroke=\"var(--ink)\" "
                + "stroke-width=\"1.8\"/>"
        }
        for (spend, anchor) in [(0, "start"), (highSpend / 2, "middle"), (highSpend, "end")] {
            body += text(
                x(spend), frame.height - 10, anchor, spend == 0 ? "0" : NumberText.short(spend, phrases.language))
        }
        return svg(
            width: frame.width, height: frame.height,
            title: "\(phrases.curvesHeading)\(phrases.colon)\(channel.channel)",
            description: phrases.curvesDescription, body: body)
    }

    /// The mean on the curve between its points.
    private static func height(of points: [ResponseCurvePoint], at spend: Double) -> Double {
        guard let next = points.firstIndex(where: { $0.spend >= spend }), next > 0 else {
            return (spend <= (points.first?.spend ?? 0) ? points.first : points.last)?.contribution.mean ?? 0
        }
        let (a, b) = (points[next - 1], points[next])
        let share = b.spend > a.spend ? (spend - a.spend) / (b.spend - a.spend) : 0
        return a.contribution.mean + share * (b.contribution.mean - a.contribution.mean)
    }
}
