import Cluster

/// The cluster at a glance.
struct OverviewPage {
    var overview: ClusterOverview
    /// The latest of each model; nil where the coordinator knows of no nights.
    var nights: [NightHistory]?

    var page: Page {
        var sections = [
            Page.Section(id: "numbers", content: numbers),
            Page.Section(id: "running", content: running), Page.Section(id: "waiting", content: waiting),
            Page.Section(id: "workers", content: workers),
        ]
        if let nights { sections.append(Page.Section(id: "nights", content: Self.latest(nights))) }
        sections.append(Page.Section(id: "finished", content: finished))
        sections.append(Page.Section(id: "events", content: events))
        return Page(place: .overview, title: "Overview", sections: sections)
    }

    private var numbers: Markup {
        let queue = overview.queue
        let gradients = overview.running.reduce(0) { $0 + ($1.pace?.gradients ?? 0) }
        let tiles: [(String, Markup)] = [
            ("Jobs that run", "\(overview.queue.jobs["running"] ?? 0)"),
            ("Jobs that wait", "\((queue.jobs["queued"] ?? 0) + (queue.jobs["paused"] ?? 0))"),
            ("Tasks that wait", "\(PageWords.count(queue.tasks.ready))"),
            ("Slots in use", "\(queue.busySlots) <small>of \(queue.slots)</small>"),
            ("Workers", "\(queue.workers)"), ("Gradients a second", "\(PageWords.short(gradients))"),
        ]
        let held = queue.jobs["held"] ?? 0
        return """
            \(overview.isReady ? "" : Self.notReady)\(held > 0 ? Self.held(held) : "")\
            <dl class="tiles">\(tiles.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup })</dl>
            """
    }

    private static let notReady: Markup = """
        <p class="box bad"><strong>Nothing can be stored:</strong> the disk of the coordinator is full, or its ledger \
        cannot be written.</p>
        """

    private static func held(_ count: Int) -> Markup {
        """
        <p class="box warn"><strong>\(count == 1 ? "A job is held" : "\(count) jobs are held"):</strong> a task of it \
        ended at one place on several workers. Somebody has to look at it.</p>
        """
    }

    private var running: Markup {
        guard !overview.running.isEmpty else {
            return "<h2>Running</h2><p class=\"note\">No job runs.</p>"
        }
        return "<h2>Running</h2>\(JobTable.running(overview.running))"
    }

    private var waiting: Markup {
        guard !overview.waiting.isEmpty else { return "<h2>Waiting</h2><p class=\"note\">No job waits.</p>" }
        return "<h2>Waiting</h2>\(JobTable.waiting(overview.waiting))"
    }

    private var workers: Markup {
        guard !overview.workers.isEmpty else {
            return """
                <h2>Workers</h2><p class="note">No worker is connected. Mend: start one, <code>tutti worker \
                --connect</code>.</p>
                """
        }
        return "<h2>Workers</h2>\(WorkersPage.table(Array(overview.workers.prefix(ClusterOverview.jobsMax))))"
    }

    private var finished: Markup {
        guard !overview.finished.isEmpty else { return "<h2>Finished</h2><p class=\"note\">No job is over.</p>" }
        return "<h2>Finished</h2>\(JobTable.all(overview.finished, caption: "The jobs that ended last"))"
    }

    private var events: Markup {
        "<h2>Events</h2>\(EventsPage.table(Array(overview.events.prefix(8))))"
    }

    private static func latest(_ nights: [NightHistory]) -> Markup {
        let rows = nights.compactMap { history -> [Markup]? in
            guard let entry = history.entries.first else { return nil }
            return [
                "\(history.model)", PageWords.verdict(entry.verdict), "\(entry.night)", "\(entry.sentence)",
            ]
        }
        guard !rows.isEmpty else { return "<h2>Nights</h2><p class=\"note\">There has been no night.</p>" }
        let table = PageTable(
            caption: "The last night of each model",
            columns: [("Model", .text), ("Verdict", .narrow), ("Night", .narrow), ("Why", .words)], rows: rows)
        return "<h2>Last nights</h2>\(table.markup)"
    }
}

/// Jobs in tables.
enum JobTable {
    static func link(_ job: JobSummary) -> Markup {
        "<a href=\"/jobs/\(job.id)\">\(job.id) \(job.name)</a>"
    }

    private static func name(_ job: JobSummary) -> Markup {
        let place = job.portfolio.map { "\($0.name): \($0.model), " } ?? ""
        return "\(link(job))<small>\(place)\(job.project)</small>"
    }

    static func running(_ jobs: [JobLive]) -> Markup {
        PageTable(
            caption: "Jobs that run",
            columns: [
                ("Job", .text), ("State", .narrow), ("Done", .text), ("Left", .number), ("Iterations/s", .number),
                ("Gradients/s", .number), ("Divergences", .number),
            ],
            rows: jobs.map { job in
                let summary = job.summary
                return [
                    name(summary), PageWords.state(summary.state),
                    PageWords.progress(
                        summary.iteration, of: summary.iterations, label: "Progress of job \(summary.id)"),
                    "\(job.secondsLeft.map(PageWords.duration) ?? "–")",
                    "\(job.pace.map { PageWords.short($0.iterations) } ?? "–")",
                    "\(job.pace.map { PageWords.short($0.gradients) } ?? "–")",
                    "\(PageWords.count(summary.divergences))",
                ]
            }
        ).markup
    }

    static func waiting(_ jobs: [WaitingJob]) -> Markup {
        PageTable(
            caption: "Jobs that wait, and why",
            columns: [("Job", .text), ("State", .narrow), ("Priority", .narrow), ("Why it waits", .words)],
            rows: jobs.map { waiting in
                [
                    name(waiting.job), PageWords.state(waiting.job.state), "\(waiting.job.priority)",
                    "\(waiting.sentence)",
                ]
            }
        ).markup
    }

    static func all(_ jobs: [JobSummary], caption: String) -> Markup {
        PageTable(
            caption: caption,
            columns: [
                ("Job", .text), ("State", .narrow), ("Done", .number), ("Tasks", .number), ("Submitted", .narrow),
                ("Remark", .words),
            ],
            rows: jobs.map { job in
                [
                    name(job), "\(PageWords.state(job.state))\(job.isPinned ? "<small>pinned</small>" : "")",
                    "\(PageWords.percent(job.iteration, of: job.iterations))",
                    "\(PageWords.count(job.taskCounts.done)) of \(PageWords.count(job.taskCounts.total))",
                    "\(PageWords.time(job.submittedAt))", "\(shortened(job.text))",
                ]
            }
        ).markup
    }

    /// What is longer stands on the job's own page.
    private static func shortened(_ text: String) -> String {
        let limit = 160
        return text.count > limit ? text.prefix(limit) + " …" : text
    }
}
