import Cluster

/// All jobs, a page at a time.
struct JobsPage {
    var jobs: [JobSummary]
    /// In which state they are; nil for all.
    var state: String?
    /// The last one, where there are older ones.
    var next: String?

    var page: Page {
        let options = QueueReply.jobStates.map { name -> Markup in
            "<option\(name == state ? " selected" : "" as Markup)>\(name)</option>"
        }
        let filter: Markup = """
            <form method="get" action="/jobs" class="fields"><div><label for="state">State</label>
            <select id="state" name="state"><option value="">all</option>\(options)</select></div>
            <button>Show</button> <a class="button" href="/compare">Compare two jobs</a></form>
            """
        let table: Markup =
            jobs.isEmpty
            ? "<p class=\"note\">There are no such jobs. Submit one: <code>tutti submit model.yaml</code></p>"
            : JobTable.all(jobs, caption: "Jobs, the newest first")
        let older: Markup =
            next.map { next in
                let query = state.map { "&state=\($0)" } ?? ""
                return "<p><a class=\"button\" href=\"/jobs?after=\(next)\(query)\">Older jobs</a></p>"
            } ?? ""
        return Page(
            place: .jobs, title: "Jobs",
            sections: [
                Page.Section(id: "filter", content: filter), Page.Section(id: "jobs", content: table),
                Page.Section(id: "older", content: older),
            ])
    }
}

/// Jobs that wait, by project, and why.
struct QueuePage {
    var queue: QueueReply
    var waiting: [WaitingJob]
    /// Of all that wait.
    var count: Int

    var page: Page {
        let projects = Dictionary(grouping: waiting, by: \.job.project).sorted { $0.key < $1.key }
        let tables = projects.map { project, jobs -> Markup in "<h2>\(project)</h2>\(JobTable.waiting(jobs))" }
        let more: Markup =
            count > waiting.count
            ? "<p class=\"note\">\(PageWords.count(count - waiting.count)) more wait behind these.</p>" : ""
        let tasks = queue.tasks
        let content: Markup = """
            <p>\(PageWords.count(tasks.ready)) tasks wait, \(PageWords.count(tasks.leased)) run on \
            \(PageWords.count(queue.slots)) slots.</p>\(waiting.isEmpty ? "<p class=\"note\">No job waits.</p>" : "")\
            \(tables)\(more)
            """
        return Page(place: .queue, title: "Queue", sections: [Page.Section(id: "queue", content: content)])
    }
}

/// Who works.
struct WorkersPage {
    var workers: [WorkerList.Worker]

    var page: Page {
        let content: Markup =
            workers.isEmpty
            ? """
            <p class="note">No worker is connected. Mend: start one, <code>tutti worker --connect</code>.</p>
            """ : Self.table(workers)
        return Page(place: .workers, title: "Workers", sections: [Page.Section(id: "workers", content: content)])
    }

    /// Tasks of a worker that are named.
    private static let tasksMax = 8
    /// Seconds of silence that are worth a look: a heartbeat comes every two.
    private static let silenceMax = 6.0

    static func table(_ workers: [WorkerList.Worker]) -> Markup {
        PageTable(
            caption: "Workers that are connected",
            columns: [
                ("Host and process", .text), ("Slots", .number), ("Tasks", .words), ("Gradients/s", .number),
                ("Memory a slot", .number), ("Last heard", .number), ("Tags", .words),
            ],
            rows: workers.map { worker in
                [
                    "\(worker.name)\(worker.isLeaving ? "<small>leaves</small>" : "")",
                    "\(worker.tasks) of \(worker.slots)", tasks(worker),
                    "\(PageWords.short(worker.gradientsPerSecond))",
                    "\(worker.memory.map(PageWords.bytes) ?? "not said")", silence(worker),
                    "\(worker.tags.joined(separator: ", "))",
                ]
            }
        ).markup
    }

    private static func tasks(_ worker: WorkerList.Worker) -> Markup {
        let shown = worker.running.prefix(tasksMax).enumerated().map { index, task -> Markup in
            "\(index > 0 ? ", " : "")<a href=\"/jobs/\(task.job)\">\(task.job)</a> \(task.task)"
        }
        let others = worker.tasks - shown.count
        return "\(shown)\(others > 0 ? " and \(others) more" : "")"
    }

    private static func silence(_ worker: WorkerList.Worker) -> Markup {
        let words = "\(PageWords.decimal(worker.silence.rounded(), 0)) s ago"
        return worker.silence > silenceMax ? "<strong class=\"warn\">\(words)</strong>" : "\(words)"
    }
}

/// What has happened.
struct EventsPage {
    var events: [EventLine]

    var page: Page {
        Page(
            place: .events, title: "Events",
            sections: [
                Page.Section(
                    id: "events",
                    content: """
                        <p class="note">Since the coordinator's start, the newest first. Its log has all of it.</p>\
                        \(Self.table(events))
                        """)
            ])
    }

    /// - Parameter none: what is said where there is none.
    static func table(_ events: [EventLine], none: String = "Nothing has happened yet.") -> Markup {
        guard !events.isEmpty else { return "<p class=\"note\">\(none)</p>" }
        return PageTable(
            caption: "Events",
            columns: [("Time", .narrow), ("Level", .narrow), ("What", .words), ("About", .text)],
            rows: events.map { event in
                [
                    "\(event.at.prefix(19).replacing("T", with: " "))", PageWords.level(event.level),
                    "\(event.text)\(event.details.isEmpty ? "" : "<small>\(event.details)</small>" as Markup)",
                    about(event),
                ]
            }
        ).markup
    }

    private static func about(_ event: EventLine) -> Markup {
        var words: [Markup] = []
        if let job = event.job { words.append("<a href=\"/jobs/\(job)\">job \(job)</a>") }
        if let task = event.task { words.append("\(task)") }
        if let worker = event.worker { words.append("\(worker)") }
        return Markup(words.enumerated().map { "\($0 > 0 ? ", " : "")\($1)" })
    }
}

/// What the nights of recalibration came to.
struct NightsPage {
    var nights: [NightHistory]

    var page: Page {
        let parts = nights.map { history -> Markup in
            if let problem = history.problem {
                return "<h2>\(history.model)</h2><p class=\"box bad\">\(problem)</p>"
            }
            return "<h2>\(history.model)</h2>\(Self.table(history))"
        }
        let content: Markup = parts.isEmpty ? "<p class=\"note\">There has been no night.</p>" : Markup(parts)
        return Page(place: .nights, title: "Nights", sections: [Page.Section(id: "nights", content: content)])
    }

    private static func table(_ history: NightHistory) -> Markup {
        PageTable(
            caption: "The last nights of \(history.model)",
            columns: [("Night", .narrow), ("Verdict", .narrow), ("Accepted", .narrow), ("Why", .words)],
            rows: history.entries.map { entry in
                [
                    "\(entry.night)\(entry.by == nil ? "" : "<small>overridden</small>")",
                    PageWords.verdict(entry.verdict), "\(entry.accepts ? "yes" : "no")", "\(entry.sentence)",
                ]
            }
        ).markup
    }
}
