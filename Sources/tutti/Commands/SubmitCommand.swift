import ArgumentParser
import Cluster
import Fitting

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Hand a fit, or a portfolio of them, to a coordinator.",
        discussion: """
            Uploads model and data and prints the job's number. The same content submitted twice is the same job, unless \
            that has failed or was cancelled.

              tutti submit model.yaml --wait --url http://127.0.0.1:8080

            A portfolio is a file that names models, with settings that they share and settings of their own:

              portfolio: europe
              settings: {seed: 7, chains: 4, priority: low}
              models:
                - {name: uk, model: models/uk.yaml}
                - {name: de, model: models/de.yaml, draws: 2000}

            Settings are seed, chains, warmup, draws, resamples, priority, after, deadline, memory and tags. All models are \
            read and checked before the first is submitted. What was interrupted is completed by the same command again. \
            `--wait` shows one progress for all, and ends with 0 if every fit has passed its convergence gate, with 3 if \
            one has not, and with 1 if one has failed.
            """)

    @Argument(help: "The model file, or a portfolio.")
    var model: String

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Make a new job, also where the same content was submitted before.")
    var again = false

    @OptionGroup(title: "Queue")
    var queue: QueueOptions

    @Flag(help: "Wait until the job is over, show its progress, and end with the exit code of `tutti fit`.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        if let portfolio = try PortfolioInput(path: model, sampling: sampling, queue: queue, again: again) {
            try await submit(portfolio)
            return
        }
        let input = try ModelInput(path: model)
        var settings = FitSettings(input.read.specification)
        sampling.apply(to: &settings)
        let client = try remote.client
        let job = try await client.submit(
            SubmissionRequest(
                archive: BundleArchive(input.bundle), settings: SubmissionSettings(settings), again: again ? true : nil,
                queue: queue.request))
        if !wait {
            if json { try Output.printJSON(job) } else { print(job.id) }
            return
        }
        Output.complain("job \(job.id)")
        try await JobWatch(client: client, job: job.id, json: json).run()
    }

    private func submit(_ portfolio: PortfolioInput) async throws {
        let client = try remote.client
        var jobs: [PortfolioReceipt.Model] = []
        for model in portfolio.models {
            do {
                let job = try await client.submit(model.submission)
                jobs.append(PortfolioReceipt.Model(name: model.name, job: job.id, existed: job.existed))
            } catch let error as UserError {
                let rest =
                    again
                    ? "Without --again, the same command submits only the others."
                    : "The same command again submits the others."
                throw UserError(
                    text: "\(model.name): \(error.text)\n\(jobs.count) of \(portfolio.models.count) models are "
                        + "submitted. \(rest)", code: error.code)
            }
        }
        if !wait {
            if json {
                try Output.printJSON(PortfolioReceipt(portfolio: portfolio.name, models: jobs))
            } else {
                for job in jobs { print("\(job.job) \(job.name)") }
            }
            return
        }
        Output.complain("portfolio \(portfolio.name): jobs \(jobs.map(\.job).joined(separator: " "))")
        try await PortfolioWatch(
            client: client, name: portfolio.name, models: jobs.map { ($0.name, $0.job) }, json: json
        ).run()
    }
}

/// What became of a portfolio's submission.
private struct PortfolioReceipt: Encodable {
    struct Model: Encodable {
        var name: String
        var job: String
        var existed: Bool
    }

    var portfolio: String
    var models: [Model]
}
