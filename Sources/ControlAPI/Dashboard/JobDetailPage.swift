import Cluster
import Recalibration

/// One job, live; of one that has succeeded its figures and files.
struct JobDetailPage {
    var job: JobLive
    /// Why it waits; nil where it does not.
    var sentence: String?
    /// What has happened to it, the newest first.
    var events: [EventLine]
    /// Nil where there are no results.
    var files: [ResultEntry]?
    /// Nil where there are none of a fit.
    var fit: FinishedFit?

    private var summary: JobSummary { job.summary }

    var page: Page {
        var sections = [Page.Section(id: "state", content: state)]
        if let fit { sections.append(Page.Section(id: "results", content: Self.results(fit))) }
        if let files { sections.append(Page.Section(id: "files", content: self.files(files))) }
        if !summary.isOver { sections.append(Page.Section(id: "figures", content: figures)) }
        sections.append(Page.Section(id: "tasks", content: tasks))
        sections.append(
            Page.Section(
                id: "events",
                content: "<h2>Events</h2>\(EventsPage.table(Array(events.prefix(20)), none: "None of this job."))"))
        return Page(
            place: nil, title: "Job \(summary.id): \(summary.name)", sections: sections, isOver: summary.isOver)
    }

    // MARK: State

    private var state: Markup {
        let tiles: [(String, Markup)] = [
            ("State", PageWords.state(summary.state)),
            ("Done", "\(PageWords.percent(summary.iteration, of: summary.iterations))"),
            (summary.isOver ? "Iterations" : "Left", summary.isOver ? iterations : left),
            ("Divergences", "\(PageWords.count(summary.divergences))"),
            (
                "Tasks done",
                "\(PageWords.count(summary.taskCounts.done)) <small>of \(PageWords.count(summary.taskCounts.total))</small>"
            ),
            ("Gradients a second", "\(job.pace.map { PageWords.short($0.gradients) } ?? "–")"),
        ]
        let words = [
            "Project \(summary.project)", "priority \(summary.priority)",
            "submitted \(PageWords.time(summary.submittedAt))",
        ]
        let portfolio = summary.portfolio.map { ", \($0.model) of the portfolio \($0.name)" } ?? ""
        return """
            <p class="note">\(words.joined(separator: ", "))\(portfolio)\(summary.isPinned ? ", pinned" : "").</p>
            \(remark)<dl class="tiles">\(tiles.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup })</dl>
            """
    }

    private var remark: Markup {
        // The verdict of a fit stands with its results.
        let text = fit == nil ? sentence ?? summary.text : ""
        guard !text.isEmpty else { return "" }
        let kind =
            switch summary.state {
            case "failed": " bad"
            case "held", "queued", "paused": " warn"
            default: ""
            }
        return "<p class=\"box\(kind)\">\(text)</p>"
    }

    private var iterations: Markup { "\(PageWords.count(summary.iteration))" }

    private var left: Markup {
        switch summary.state {
        case "assembling": "<small>The results are being put together</small>"
        case "running": job.secondsLeft.map { "\(PageWords.duration($0))" } ?? "–"
        default: "–"
        }
    }

    // MARK: What forms

    private var figures: Markup {
        guard let figures = job.figures else {
            return """
                <h2>Figures so far</h2><p class="note">There are none yet: chains are looked at from \
                their twentieth draw after warm-up on, every few seconds. Studies have none.</p>
                """
        }
        let chart = IntervalChart(figures.quantities.map { ($0.q05, $0.q95) })
        let table = PageTable(
            caption: "Returns as they form",
            columns: [
                ("Quantity", .text), ("5 % to 95 %", .chart), ("Mean", .number), ("5 %", .number), ("95 %", .number),
                ("R-hat", .number), ("ESS bulk", .number), ("ESS tail", .number),
            ],
            rows: figures.quantities.map { row in
                [
                    "\(Self.words(row.name))", chart.markup([(row.q05, row.mean, row.q95)]),
                    "\(PageWords.short(row.mean))", "\(PageWords.short(row.q05))", "\(PageWords.short(row.q95))",
                    rHat(row.rHat), "\(row.essBulk.map { PageWords.decimal($0, 0) } ?? "–")",
                    "\(row.essTail.map { PageWords.decimal($0, 0) } ?? "–")",
                ]
            })
        let worst = [
            figures.highestRHat.map { "highest R-hat \(PageWords.decimal($0.value, 3)) (\(Self.words($0.name)))" },
            figures.lowestBulkESS.map { "lowest bulk ESS \(PageWords.decimal($0.value, 0)) (\(Self.words($0.name)))" },
            figures.lowestTailESS.map { "lowest tail ESS \(PageWords.decimal($0.value, 0)) (\(Self.words($0.name)))" },
        ].compactMap(\.self).joined(separator: ", ")
        return """
            <h2>Figures so far</h2>
            <p>\(drawn(figures)) Of all reported quantities: \(worst).</p>
            <p class="note">They may still move. \(chart.caption)</p>
            \(table.markup)
            """
    }

    private func drawn(_ figures: FormingFigures) -> String {
        let all = figures.draws * figures.chains
        let share = figures.lookedAt < all ? ", \(PageWords.count(figures.lookedAt)) looked at" : ""
        return
            "\(PageWords.count(all)) draws so far that \(figures.chains == 1 ? "one chain has" : "\(figures.chains) chains have in common")\(share)."
    }

    /// Above 1.01 a quantity has not converged.
    private func rHat(_ value: Double?) -> Markup {
        guard let value else { return "–" }
        let text = PageWords.decimal(value, 3)
        return value >= 1.01 ? "<span class=\"warn\">\(text)</span>" : "\(text)"
    }

    /// As people read it: `roi of tv`.
    static func words(_ quantity: String) -> String {
        guard let (kind, subject) = QuantityName.parts(of: quantity) else { return quantity }
        return "\(kind.replacing("roi", with: "ROI").replacing("_", with: " ")) of \(subject)"
    }

    // MARK: Tasks

    private var tasks: Markup {
        guard !job.chains.isEmpty || !job.groups.isEmpty else {
            return "<h2>Tasks</h2><p class=\"note\">What its tasks did stands in run.json.</p>"
        }
        return "<h2>Tasks</h2>\(chains)\(groups)"
    }

    private var chains: Markup {
        guard !job.chains.isEmpty else { return "" }
        return PageTable(
            caption: "Chains",
            columns: [
                ("Chain", .narrow), ("Phase", .narrow), ("Done", .text), ("Iterations", .number),
                ("Iterations/s", .number), ("Divergences", .number), ("Step size", .number), ("Gradients", .number),
                ("Worker", .words),
            ],
            rows: job.chains.map { chain in
                let task = chain.task
                return [
                    "\(task.label)\(task.attempts > 1 ? "<small>attempt \(task.attempts)</small>" : "" as Markup)",
                    "\(Self.phase(task))",
                    PageWords.progress(task.iteration, of: task.iterations, label: "Progress of \(task.label)"),
                    "\(PageWords.count(task.iteration)) of \(PageWords.count(task.iterations))",
                    "\(chain.pace.map { PageWords.short($0.iterations) } ?? "")",
                    "\(PageWords.count(task.divergences))", "\(task.stepSize.map(PageWords.short) ?? "")",
                    "\(PageWords.count(task.gradientEvaluations))", "\(chain.worker ?? "")",
                ]
            }
        ).markup
    }

    static func phase(_ task: JobProgress.Task) -> String {
        switch task.state {
        case "leased": task.isWarmingUp ? "warm-up" : "sampling"
        case "ready": task.iteration > 0 ? "to be resumed" : "waiting"
        default: task.state
        }
    }

    private var groups: Markup {
        guard !job.groups.isEmpty else { return "" }
        return PageTable(
            caption: "Other tasks",
            columns: [
                ("Tasks", .text), ("Done", .text), ("Finished", .number), ("Running", .number), ("Lost", .number),
                ("Divergences", .number),
            ],
            rows: job.groups.map { group in
                [
                    "\(group.name)",
                    PageWords.progress(group.iteration, of: group.iterations, label: "Progress of \(group.name)"),
                    "\(PageWords.count(group.done)) of \(PageWords.count(group.tasks))",
                    "\(PageWords.count(group.running))", "\(PageWords.count(group.lost))",
                    "\(PageWords.count(group.divergences))",
                ]
            }
        ).markup
    }

    // MARK: Results

    private static func results(_ fit: FinishedFit) -> Markup {
        let chart = IntervalChart(fit.channels.compactMap { $0.roi.map { ($0.q05, $0.q95) } })
        let hasReturns = fit.channels.contains { $0.roi != nil }
        let rows = fit.channels.map { channel -> [Markup] in
            [
                "\(channel.name)", "\(channel.spend.map(PageWords.short) ?? "–")", interval(channel.contribution),
                chart.markup([channel.roi.map { ($0.q05, $0.mean, $0.q95) }]), interval(channel.roi),
                interval(channel.marginalROI),
            ]
        }
        let table = PageTable(
            caption: "What each channel brought",
            columns: [
                ("Channel", .text), ("Spend", .number), ("Contribution", .number), ("ROI, 5 % to 95 %", .chart),
                ("ROI", .number), ("Marginal ROI", .number),
            ], rows: rows)
        let reasons = fit.reasons + fit.warnings
        return """
            <h2>Results</h2>
            <p>\(verdict(fit)) \(worst(fit))</p>
            \(reasons.isEmpty ? "" : "<ul class=\"plain\">\(reasons.map { "<li>\($0)</li>" as Markup })</ul>" as Markup)
            \(fit.channels.isEmpty ? "" : table.markup)
            \(hasReturns ? "<p class=\"note\">\(chart.caption)\(fit.currency.isEmpty ? "" : " Money is in \(fit.currency).")</p>" as Markup : "")
            """
    }

    static func verdict(_ fit: FinishedFit) -> Markup {
        fit.passed
            ? "<span class=\"badge good\">converged</span>" : "<span class=\"badge bad\">not converged</span>"
    }

    private static func worst(_ fit: FinishedFit) -> String {
        let parts = [
            fit.highestRHat.map { "highest R-hat \(PageWords.decimal($0.value, 3)) (\(words($0.name)))" },
            fit.lowestBulkESS.map { "lowest bulk ESS \(PageWords.decimal($0.value, 0)) (\(words($0.name)))" },
            "\(PageWords.count(fit.divergences)) of \(PageWords.count(fit.draws)) draws diverged",
        ].compactMap(\.self).joined(separator: ", ")
        return parts.isEmpty ? "" : "Of the figures: \(parts)."
    }

    static func interval(_ interval: FinishedFit.Interval?) -> Markup {
        guard let interval else { return "–" }
        return """
            \(PageWords.short(interval.mean))<small>\(PageWords.short(interval.q05)) to \
            \(PageWords.short(interval.q95))</small>
            """
    }

    private func files(_ files: [ResultEntry]) -> Markup {
        let base = "/v1/jobs/\(summary.id)/results"
        let report: Markup =
            files.contains { $0.name == "report.html" }
            ? "<a class=\"button main\" href=\"\(base)/report.html\">Open the report</a> " : ""
        let rows = files.map { file -> [Markup] in
            [
                "<a href=\"\(base)/\(file.name)\">\(file.name)</a>", "\(PageWords.bytes(UInt64(file.bytes)))",
                "<code>\(file.sha256.prefix(16))…</code>",
            ]
        }
        let table = PageTable(
            caption: "Result files", columns: [("File", .text), ("Size", .number), ("SHA-256", .words)], rows: rows)
        return """
            <h2>Report and files</h2>
            <p>\(report)<a class="button" href="\(base).zip">Fetch all files</a> \
            <a class="button" href="/compare?left=\(summary.id)">Compare with another job</a></p>
            <details><summary>\(files.count) files</summary>\(table.markup)</details>
            """
    }
}
