import Cluster

/// Two finished jobs beside each other.
struct ComparePage {
    struct Side {
        var job: JobSummary
        /// Nil where there are no results of a fit.
        var fit: FinishedFit?
    }

    /// Jobs that can be compared, the newest first.
    var choices: [JobSummary]
    var left: Side?
    var right: Side?

    var page: Page {
        var sections = [Page.Section(id: "choice", content: choice)]
        if let left, let right {
            if let first = left.fit, let second = right.fit {
                sections.append(Page.Section(id: "facts", content: facts(left, first, right, second)))
                sections.append(Page.Section(id: "channels", content: channels(first, second)))
            } else {
                let missing = left.fit == nil ? left : right
                sections.append(
                    Page.Section(
                        id: "facts",
                        content: """
                            <p class="box warn">Job \(missing.job.id) has no results of a fit: it is a study, or its \
                            results were let go.</p>
                            """))
            }
        }
        return Page(place: .jobs, title: "Compare two jobs", sections: sections, isLive: false)
    }

    private var choice: Markup {
        guard choices.count > 1 else {
            return "<p class=\"note\">There have to be two jobs that have succeeded.</p>"
        }
        func select(_ name: String, _ label: String, _ chosen: String?) -> Markup {
            let options = choices.map { job -> Markup in
                "<option value=\"\(job.id)\"\(job.id == chosen ? " selected" : "")>\(job.id) \(job.name)</option>"
            }
            return """
                <div><label for="\(name)">\(label)</label><select id="\(name)" name="\(name)">\(options)</select></div>
                """
        }
        return """
            <form method="get" action="/compare" class="fields">\
            \(select("left", "First job", left?.job.id))\
            \(select("right", "Second job", right?.job.id ?? choices.first { $0.id != left?.job.id }?.id))\
            <button>Compare</button></form>
            """
    }

    private func facts(_ left: Side, _ first: FinishedFit, _ right: Side, _ second: FinishedFit) -> Markup {
        func row(_ name: String, _ value: (FinishedFit) -> Markup) -> [Markup] {
            ["\(name)", value(first), value(second)]
        }
        let rows = [
            ["Job", JobTable.link(left.job), JobTable.link(right.job)],
            row("Verdict", JobDetailPage.verdict),
            row("Highest R-hat") { "\($0.highestRHat.map { PageWords.decimal($0.value, 3) } ?? "–")" },
            row("Lowest bulk ESS") { "\($0.lowestBulkESS.map { PageWords.decimal($0.value, 0) } ?? "–")" },
            row("Divergences") { "\(PageWords.count($0.divergences)) of \(PageWords.count($0.draws))" },
            row("Chains, resamples, seed") { "\($0.chains), \($0.resamples), \(String($0.seed))" },
            row("Prediction (elpd)") { fit in
                "\(fit.elpd.map { "\(PageWords.decimal($0.value, 1)) ± \(PageWords.decimal($0.error, 1))" } ?? "–")"
            },
            row("Time") { "\(PageWords.duration($0.wallSeconds))" },
            ["Model", "\(first.modelDigest == second.modelDigest ? "the same" : "another")", ""],
            ["Data", "\(first.dataDigest == second.dataDigest ? "the same" : "other")", ""],
        ]
        let table = PageTable(
            caption: "Both jobs",
            columns: [("Figure", .text), ("Job \(left.job.id)", .text), ("Job \(right.job.id)", .text)], rows: rows)
        return "<h2>Runs</h2>\(table.markup)"
    }

    private func channels(_ first: FinishedFit, _ second: FinishedFit) -> Markup {
        let names =
            first.channels.map(\.name)
            + second.channels.map(\.name).filter { name in
                !first.channels.contains { $0.name == name }
            }
        func channel(_ fit: FinishedFit, _ name: String) -> FinishedFit.Channel? {
            fit.channels.first { $0.name == name }
        }
        let hasReturns = (first.channels + second.channels).contains { $0.roi != nil }
        func figure(_ channel: FinishedFit.Channel?) -> FinishedFit.Interval? {
            hasReturns ? channel?.roi : channel?.contribution
        }
        let all = names.flatMap { [figure(channel(first, $0)), figure(channel(second, $0))] }.compactMap(\.self)
        let chart = IntervalChart(all.map { ($0.q05, $0.q95) })
        let rows = names.map { name -> [Markup] in
            let pair = [figure(channel(first, name)), figure(channel(second, name))]
            let difference: Markup =
                if let a = pair[0], let b = pair[1] {
                    "\(b.mean > a.mean ? "+" : "")\(PageWords.short(b.mean - a.mean))"
                } else { "–" }
            return [
                "\(name)", chart.markup(pair.map { $0.map { ($0.q05, $0.mean, $0.q95) } }),
                JobDetailPage.interval(pair[0]), JobDetailPage.interval(pair[1]), difference,
                Self.overlap(pair[0], pair[1]),
            ]
        }
        let figureName = hasReturns ? "ROI" : "Contribution"
        let table = PageTable(
            caption: "\(figureName) of each channel in both jobs",
            columns: [
                ("Channel", .text), ("Both", .chart), ("First", .number), ("Second", .number),
                ("Second − first", .number),
                ("Intervals", .narrow),
            ], rows: rows)
        return """
            <h2>\(figureName) of channels</h2>
            <p class="note">The first job is the solid line above, the second the dashed line below. \(chart.caption)</p>
            \(table.markup)
            """
    }

    private static func overlap(_ first: FinishedFit.Interval?, _ second: FinishedFit.Interval?) -> Markup {
        guard let first, let second else { return "–" }
        return first.q05 <= second.q95 && second.q05 <= first.q95
            ? "overlap" : "<strong class=\"warn\">are apart</strong>"
    }
}
