import Cluster
import Logging

/// A local fit or study as a command runs it: with its progress at the terminal, and its failures as exit codes.
struct FitRun {
    let fit: LocalFit
    let json: Bool
    let quiet: Bool

    /// Runs it, unless its folder holds these very results already.
    func run() async throws {
        do {
            if try fit.isDone() {
                if !quiet, !json { Output.complain("\(fit.directory) holds the results of this very fit already.") }
            } else {
                try await show()
            }
        } catch let failure as LocalFit.Failure {
            switch failure {
            case .occupied(let text): throw UserError.unusable(text)
            case .failed(let text): throw UserError.failed("\(text)\nThe same command goes on where it was.")
            }
        } catch {
            throw UserError.failed(String(describing: error))
        }
    }

    private func show() async throws {
        // The fit's own words are its progress; what the parts log matters when something is wrong.
        let logger = Logger(label: "tutti") { _ in
            var handler = StreamLogHandler.standardError(label: "tutti")
            handler.logLevel = .error
            return handler
        }
        var display = ProgressDisplay(at: Monotonic.now())
        var lastLine = -Double.infinity
        let interruption = InterruptionNotice(
            json || quiet ? nil : "Interrupted. The same command goes on where it was; its state is in \(fit.state).")
        defer { interruption.end() }
        try await fit.run(
            logger: logger,
            resuming: { earlier in
                if json {
                    Output.printJSONLine(ProgressEvent(event: "resumed", progress: earlier))
                } else if !quiet {
                    Output.complain(resumption(earlier))
                }
            }
        ) { progress in
            let now = Monotonic.now()
            if json {
                guard now - lastLine >= 0.2 || progress.isOver else { return }
                lastLine = now
                Output.printJSONLine(ProgressEvent(event: "progress", progress: progress))
            } else if !quiet {
                display.show(progress, at: now)
            }
        }
        display.clear()
    }

    private func resumption(_ progress: JobProgress) -> String {
        let done = progress.tasks.reduce(0) { $0 + $1.iteration }
        let all = progress.tasks.reduce(0) { $0 + $1.iterations }
        return "Going on with an interrupted fit from \(fit.state): \(done) of \(all) iterations are done."
    }
}

private struct ProgressEvent: Encodable {
    var event: String
    var progress: JobProgress
}
