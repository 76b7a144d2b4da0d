import ArgumentParser
import Cluster

/// Follows the jobs of a portfolio to their end.
struct PortfolioWatch {
    let client: APIClient
    let name: String
    /// What the portfolio calls each model, and its job.
    let models: [(name: String, job: String)]
    let json: Bool

    init(client: APIClient, name: String, models: [(name: String, job: String)], json: Bool) {
        self.client = client
        self.name = name
        self.models = models
        self.json = json
    }

    /// The portfolio as a coordinator has it: of each model the latest job.
    init(client: APIClient, named name: String, json: Bool) async throws {
        var jobs: [String: String] = [:]
        var next: String?
        repeat {
            let page = try await client.jobs(limit: JobPage.countMax, after: next, state: nil, portfolio: name)
            for job in page.jobs {
                if let model = job.portfolio?.model, jobs[model] == nil { jobs[model] = job.id }
            }
            next = page.next
        } while next != nil
        guard !jobs.isEmpty else {
            throw UserError.unusable("there is no portfolio '\(name)'. Mend: `tutti jobs` shows the names there are.")
        }
        let inOrder = jobs.sorted { ($0.value.count, $0.value) < ($1.value.count, $1.value) }
        self.init(client: client, name: name, models: inOrder.map { ($0.key, $0.value) }, json: json)
    }

    /// Shows one progress for all, prints how each ended, and ends the command with the worst of their exit codes.
    func run() async throws {
        var following = Following(json: json)
        var known: [String: JobSummary] = [:]
        try await following.untilOver {
            known = try await states(known)
            return known
        } isOver: {
            $0.values.allSatisfy(\.isAtRest)
        } progress: {
            progress($0)
        }
        var outcomes: [JobOutcome] = []
        for model in models {
            guard let job = known[model.job] else { continue }
            outcomes.append(try await JobOutcome(of: job, client: client))
        }
        try report(outcomes)
    }

    /// Each job as it is now; of those that are over, as they were.
    private func states(_ known: [String: JobSummary]) async throws -> [String: JobSummary] {
        var states = known.filter { $0.value.isOver }
        let open = Set(models.map(\.job)).subtracting(states.keys)
        var next: String?
        repeat {
            let page = try await client.jobs(limit: JobPage.countMax, after: next, state: nil, portfolio: name)
            for job in page.jobs where open.contains(job.id) { states[job.id] = job }
            next = page.next
        } while next != nil && !open.isSubset(of: states.keys)
        // The same content was submitted before under another name.
        for job in open where states[job] == nil { states[job] = try await client.job(job).summary }
        return states
    }

    private func progress(_ states: [String: JobSummary]) -> JobProgress {
        JobProgress(
            portfolio: name,
            models: models.compactMap { model in states[model.job].map { (name: model.name, job: $0) } })
    }

    private func report(_ outcomes: [JobOutcome]) throws {
        let ends = zip(models, outcomes)
        if json {
            try Output.printJSON(
                PortfolioEnd(portfolio: name, models: ends.map { PortfolioEnd.Model(name: $0.name, $1) }))
        } else {
            let rows = ends.map { [$1.job.id, $0.name, $1.job.state, $1.words] }
            print(TextTable(header: ["job", "model", "state", ""], rows: rows, numeric: [0], width: Output.width).text)
            for (model, outcome) in ends {
                for line in outcome.verdict?.reasons ?? [] { Output.complain("\(model.name): \(line)") }
            }
            Output.complain("Fetch the results: tutti results JOB --into DIR")
        }
        let worst = outcomes.map(\.exitCode).max { JobOutcome.severity($0) < JobOutcome.severity($1) } ?? 0
        if worst != 0 { throw ExitCode(worst) }
    }
}

/// How the jobs of a portfolio ended.
private struct PortfolioEnd: Encodable {
    struct Model: Encodable {
        var name: String
        var job: String
        var state: String
        var text: String
        /// Absent where there is no verdict.
        var passed: Bool?
        var reasons: [String]

        init(name: String, _ outcome: JobOutcome) {
            self.name = name
            job = outcome.job.id
            state = outcome.job.state
            text = outcome.job.text
            passed = outcome.verdict?.passed
            reasons = outcome.verdict?.reasons ?? []
        }
    }

    var portfolio: String
    var models: [Model]
}
