import Cluster

/// A coordinator's cluster, or one of its jobs, as it changes: what `tutti top` shows, and `tutti watch` on a terminal.
struct LiveView {
    /// What a look has found.
    enum Look {
        case cluster(ClusterOverview)
        case job(JobLive)

        /// Nothing more changes.
        var isOver: Bool {
            if case .job(let job) = self { job.summary.isAtRest } else { false }
        }
    }

    let client: APIClient
    /// Nil for the cluster.
    let job: String?
    /// Seconds between two looks.
    let interval: Double

    /// Seconds between two looks at the keys.
    private static let keyPause = 0.1

    func look() async throws -> Look {
        if let job { .job(try await client.live(job)) } else { .cluster(try await client.overview()) }
    }

    /// Shows it on the terminal's other screen, which is gone again when this returns or throws. A coordinator that is
    /// silent is asked again.
    ///
    /// - Parameters:
    ///   - first: what is shown first.
    ///   - keys: what the last line says of the keys.
    ///   - staysAtEnd: whether it is shown until somebody leaves; else until nothing more changes.
    ///   - silenceMax: seconds of silence after which a coordinator is given up; nil: never.
    func show(from first: Look, keys: String, staysAtEnd: Bool, silenceMax: Double? = nil) async throws {
        guard staysAtEnd || !first.isOver else { return }
        var look = first
        var notice = ""
        var heard = Monotonic.now()
        let screen = Screen()
        defer { screen.leave() }
        while staysAtEnd || !look.isOver {
            screen.show(Self.lines(look, screen.size, foot: notice.isEmpty ? keys : notice), size: screen.size)
            let due = Monotonic.now() + interval
            while Monotonic.now() < due {
                if screen.takesLeave() { return }
                try await Task.sleep(for: .seconds(Self.keyPause))
            }
            do {
                look = try await self.look()
                notice = ""
                heard = Monotonic.now()
            } catch let error as UserError
                where error.isPassing && Monotonic.now() - heard < silenceMax ?? .infinity
            {
                notice = "\(error.text) Asking again."
            }
        }
    }

    /// - Parameter foot: the last line, where there is a screen with so many rows.
    static func lines(_ look: Look, _ size: (columns: Int, rows: Int), foot: String) -> [String] {
        var lines =
            switch look {
            case .cluster(let overview): TopText.lines(overview, columns: size.columns, rows: size.rows - 2)
            case .job(let job): TopText.lines(job, columns: size.columns)
            }
        guard size.rows < Int.max else { return lines }
        let room = max(0, size.rows - 2)
        if lines.count > room { lines = lines.prefix(max(0, room - 1)) + ["… \(lines.count - room + 1) more lines"] }
        return lines + ["", foot]
    }
}
