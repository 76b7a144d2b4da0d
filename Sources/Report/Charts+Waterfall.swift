import Analysis

extension Charts {
    private struct Step {
        var name: String
        var fill: String
        var start: Double
        var end: Double
        /// Of its own length, from where it begins.
        var interval: (low: Double, high: Double)?
        /// The number that stands beside it: where a table has the same, its digits, which rounding to add up may change.
        var label: Double
        var isSum = false

        init(
            name: String, fill: String, start: Double, end: Double, interval: (low: Double, high: Double)? = nil,
            label: Double? = nil, isSum: Bool = false
        ) {
            (self.name, self.fill, self.start, self.end) = (name, fill, start, end)
            (self.interval, self.label, self.isSum) = (interval, label ?? end - start, isSum)
        }

        var ends: [Double] { [start, end] + (interval.map { [$0.low, $0.high] } ?? []) }
    }

    /// The baseline, the channels and what is unexplained one after the other, up to the total of the data or of the books.
    func waterfall() -> String? {
        guard let reconciliation = Reconciliation(content) else { return nil }
        let steps = steps(reconciliation)
        let language = phrases.language
        let money = MoneyText(currency: content.kpiIsRevenue ? content.currency : "", language: language)
        let left = labelWidth(steps.map(\.name))
        let right = 96.0
        let pitch = pitch(rows: content.channels.count, wide: 30, close: 26)
        let height = 40 + pitch * Double(steps.count)
        let ends = steps.flatMap(\.ends)
        let (low, high) = (min(0, ends.min() ?? 0), max(ends.max() ?? 1, .leastNormalMagnitude))
        func x(_ value: Double) -> Double { left + (value - low) / (high - low) * (Self.width - left - right) }
        var body = Palette.definitions(count: content.channels.count, in: "waterfall")
        for tick in ChartFrame.ticks(low, high) {
            body +=
                line(x(tick), 8, x(tick), height - 28, "stroke=\"var(--rule)\"")
                + text(x(tick), height - 10, "middle", NumberText.tick(tick, language))
        }
        for (index, step) in steps.enumerated() {
            let y = 10 + pitch * Double(index)
            if index > 0, !step.isSum {
                body += line(
                    x(step.start), y + 18 - pitch, x(step.start), y,
                    "stroke=\"var(--soft)\" stroke-dasharray=\"2 2\"")
            }
            body +=
                "<rect x=\"\(c(x(min(step.start, step.end))))\" y=\"\(c(y))\" "
                + "width=\"\(c(max(1, abs(x(step.end) - x(step.start)))))\" height=\"18\" fill=\"\(step.fill)\" "
                + "stroke=\"var(--ink)\" stroke-width=\"\(step.isSum ? "1.4" : "0.5")\"/>"
            if let interval = step.interval {
                body += line(x(interval.low), y + 21.5, x(interval.high), y + 21.5, "stroke=\"var(--ink)\"")
            }
            body +=
                text(left - 10, y + 13, "end", step.name)
                + text(
                    Self.width - 4, y + 13, "end",
                    step.isSum || index == 0 ? money.short(step.label) : money.signed(step.label))
        }
        return svg(
            height: height, title: phrases.waterfallHeading, description: phrases.waterfallDescription, body: body)
    }

    private func steps(_ reconciliation: Reconciliation) -> [Step] {
        let channels = Dictionary(
            content.channels.enumerated().map { ($1.channel, (order: $0, row: $1)) },
            uniquingKeysWith: { first, _ in first })
        var baseline = 0.0
        var steps: [Step] = []
        var level = 0.0
        var added: [(name: String, value: Double)] = []
        for (line, units) in reconciliation.lines {
            let value = Double(units) * reconciliation.unit
            switch line {
            case .component(let name):
                if channels[name] == nil { baseline += value } else { added.append((name, value)) }
            case .fitted:
                let own = content.totals.baseline
                steps.append(
                    Step(
                        name: phrases.baseline, fill: Palette.baseline, start: 0, end: baseline,
                        interval: (own.q05, own.q95), label: own.mean))
                level = baseline
                for (name, value) in added {
                    guard let (order, row) = channels[name] else { continue }
                    steps.append(
                        Step(
                            name: name, fill: Palette.fill(order, in: "waterfall"), start: level, end: level + value,
                            interval: (level + row.contribution.q05, level + row.contribution.q95),
                            label: row.contribution.mean))
                    level += value
                }
                steps.append(Step(name: phrases.fitted, fill: "var(--card)", start: 0, end: value, isSum: true))
                level = value
            case .observed, .ledger:
                steps.append(
                    Step(name: phrases.name(of: line), fill: "var(--card)", start: 0, end: value, isSum: true))
                level = value
            case .unknownPeriods, .unexplained, .notInData:
                steps.append(
                    Step(name: phrases.name(of: line), fill: "var(--page)", start: level, end: level + value))
                level += value
            }
        }
        return steps
    }
}
