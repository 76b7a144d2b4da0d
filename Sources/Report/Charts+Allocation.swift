import Analysis
import Posterior

extension Charts {
    /// Money by channel now, as an outline, and as proposed.
    func allocation(_ decision: ReportContent.Decision) -> String {
        let rows = decision.rows.filter { $0.spend > 0 || $0.proposed > 0 }
        let money = MoneyText(currency: content.currency, language: phrases.language)
        let labels = rows.map { row in
            "\(money.short(row.spend)) → \(money.short(row.proposed))" + changeText(row).map { "  \($0)" }.joined()
        }
        let left = labelWidth(rows.map(\.channel))
        let right = 36 + 7.2 * Double(labels.map(\.count).max() ?? 0)
        let pitch = pitch(rows: rows.count, wide: 34, close: 27)
        let height = 14 + pitch * Double(rows.count)
        let high = max(rows.map { max($0.spend, $0.proposed) }.max() ?? 1, .leastNormalMagnitude)
        func length(_ value: Double) -> Double { value / high * (Self.width - left - right) }
        var body = ""
        for (index, row) in rows.enumerated() {
            let y = 8 + pitch * Double(index)
            body +=
                "<rect x=\"\(c(left))\" y=\"\(c(y + 11))\" width=\"\(c(length(row.proposed)))\" height=\"11\" "
                + "fill=\"\(Palette.colour(0))\"/>"
                + "<rect x=\"\(c(left))\" y=\"\(c(y))\" width=\"\(c(length(row.spend)))\" height=\"9\" fill=\"none\" "
                + "stroke=\"var(--ink)\" stroke-width=\"1.2\"/>"
                + text(left - 10, y + 15, "end", row.channel)
                + text(Self.width - 4, y + 15, "end", labels[index])
        }
        return svg(
            height: height, title: phrases.allocationHeading, description: phrases.allocationDescription, body: body)
    }

    private func changeText(_ row: ReportContent.Decision.Row) -> [String] {
        guard row.spend > 0, row.chance != nil else { return [] }
        let change = row.proposed / row.spend - 1
        guard abs(change) >= 0.005 else { return ["="] }
        return [(change > 0 ? "▲\u{202F}+" : "▼\u{202F}") + NumberText.percent(change, digits: 0, phrases.language)]
    }

    /// How probable each gain is: losses hatched, left of the line at 0.
    func gain(_ decision: ReportContent.Decision) -> String {
        let ends = Quantiles.quantiles([0.005, 0.995], of: decision.gains)
        let (low, high) = (min(0, ends[0]), max(0, ends[1]))
        let count = 30
        let money = MoneyText(currency: content.currency, language: phrases.language)
        let height = 170.0
        let (left, right) = (24.0, 24.0)
        let width = 520.0
        let span = max(high - low, .leastNormalMagnitude)
        // One edge of the bars is 0, so that no bar is both a gain and a loss.
        let step = span / Double(count)
        let losses = Int((-low / step).rounded(.up))
        let start = -Double(losses) * step
        let gains = Int((high / step).rounded(.up))
        var bars = [Int](repeating: 0, count: max(1, losses + gains))
        for value in decision.gains {
            let place = Int(((value - start) / step).rounded(.down))
            bars[min(max(place, 0), bars.count - 1)] += 1
        }
        func x(_ value: Double) -> Double {
            left + (value - start) / (Double(bars.count) * step) * (width - left - right)
        }
        let most = Double(bars.max() ?? 1)
        var body =
            "<defs><pattern id=\"loss\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
            + "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"\(Palette.colour(5))\"/>"
            + "<path d=\"M0 3h6\" stroke=\"var(--page)\" stroke-width=\"1.5\"/></pattern></defs>"
        for (index, bar) in bars.enumerated() where bar > 0 {
            let length = Double(bar) / most * (height - 50)
            let from = x(start + Double(index) * step)
            body +=
                "<rect x=\"\(c(from))\" y=\"\(c(height - 30 - length))\" "
                + "width=\"\(c(x(start + Double(index + 1) * step) - from - 0.6))\" height=\"\(c(length))\" "
                + "fill=\"\(index < losses ? "url(#loss)" : Palette.colour(0))\"/>"
        }
        body +=
            line(left, height - 30, width - right, height - 30, "stroke=\"var(--soft)\"")
            + line(x(0), 12, x(0), height - 24, "stroke=\"var(--ink)\" stroke-width=\"1.5\"")
        for tick in ChartFrame.ticks(start, start + Double(bars.count) * step) {
            body += text(x(tick), height - 8, "middle", tick == 0 ? "0" : money.tick(tick))
        }
        return svg(
            width: width, height: height, title: phrases.gainHeading, description: phrases.gainDescription, body: body)
    }
}
