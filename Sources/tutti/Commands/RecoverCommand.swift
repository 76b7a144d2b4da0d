import ArgumentParser
import Storage

struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Make a state folder of a backup.",
        discussion: """
            Takes from the backup what is whole, and says what was lost: tasks without their draws begin anew and end \
            with the same result, a job without its model and data is cancelled. Start a coordinator on the folder \
            then; workers come back by themselves. Ends with exit code 1 when something was lost.

              tutti recover /backup/tutti-monday --into /var/lib/tutti
            """)

    @Argument(help: "The backup's folder.")
    var backup: String

    @Option(help: "The state folder to make.")
    var into: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let recovery = try StorageReport.reporting { try StateRecovery(of: backup, into: into) }
        if json {
            try Output.printJSON(recovery)
        } else {
            print("\(into): \(recovery.openJobs) open jobs, \(recovery.finishedJobs) finished jobs")
            for loss in recovery.lost { print("lost: \(loss)") }
        }
        guard recovery.lost.isEmpty else { throw UserError.failed("the backup was not whole") }
    }
}
