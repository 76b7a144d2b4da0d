import ArgumentParser
import Cluster

@main
struct Tutti: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tutti",
        abstract: "Bayesian marketing mix modelling, on one machine or many.",
        discussion: """
            On a laptop, one command does it all:
              tutti fit model.yaml --out results/

            On a cluster, one coordinator keeps the queue and workers come and go:
              tutti coordinator --state /var/lib/tutti --http 127.0.0.1:8080
              tutti worker --connect tcp://127.0.0.1:5570
              tutti submit model.yaml --wait --url http://127.0.0.1:8080

            Every night, what passes its gates takes the place of what was accepted:
              tutti recalibrate plan.yaml

            Exit codes: 0 success, 1 the work failed, 2 unusable arguments or input, 3 the fit ran but did not \
            pass its convergence gate, 4 this program was built for a newer processor.
            """,
        version: Build.description,
        subcommands: [
            FitCommand.self, PlanCommand.self, CheckCommand.self, CompareCommand.self, OptimizeCommand.self,
            ReportCommand.self, ExportCommand.self, MCPCommand.self,
            ValidateCommand.self, SchemaCommand.self, SimulateCommand.self, LogpCommand.self, CurvesCommand.self,
            ReferenceCommand.self, CoordinatorCommand.self, WorkerCommand.self, KeysCommand.self, TokensCommand.self,
            SubmitCommand.self, RecalibrateCommand.self, JobsCommand.self, WatchCommand.self, TopCommand.self,
            CancelCommand.self, PauseCommand.self, ResumeCommand.self, PrioritiseCommand.self, WhyCommand.self,
            ReplayCommand.self, ResultsCommand.self, WorkersCommand.self, BackupCommand.self, VerifyCommand.self,
            RecoverCommand.self, DoctorCommand.self, SlotCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ExitCode {
            exit(withError: error)
        } catch let error as UserError {
            Output.complain(error.text)
            exit(withError: ExitCode(error.code))
        } catch {
            // Arguments that cannot be used end with 2, as every unusable input does.
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code == .success {
                print(message)
                exit(withError: ExitCode.success)
            }
            Output.complain(message)
            exit(withError: ExitCode(code == .validationFailure ? 2 : 1))
        }
    }
}

/// Something that a command tells its user before it ends with a code of its own.
struct UserError: Error {
    let text: String
    let code: Int32
    /// True when the same may succeed later.
    var isPassing = false

    /// Unusable arguments or input.
    static func unusable(_ text: String) -> UserError { UserError(text: text, code: 2) }

    /// The work failed.
    static func failed(_ text: String) -> UserError { UserError(text: text, code: 1) }
}
