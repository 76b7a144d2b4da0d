import ArgumentParser
import Storage

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that all of a coordinator's state is there and is what it was.",
        discussion: """
            Checks the database, every entry, every stored model, data set and block of draws against its digest, and \
            that all that jobs name is there. It changes nothing; a coordinator may run. A backup can be checked too. \
            Ends with exit code 1 when something is wrong.

              tutti verify /var/lib/tutti
            """)

    @Argument(help: "A state folder, or a backup of one.")
    var state: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let found = try StorageReport.reporting { try StateVerification(of: state) }
        if json {
            try Output.printJSON(found)
        } else {
            print(
                TextTable(
                    header: ["checked", "number"],
                    rows: [
                        ["entries of the ledger", "\(found.entries)"], ["open jobs", "\(found.openJobs)"],
                        ["finished jobs", "\(found.finishedJobs)"], ["blobs in the ledger", "\(found.rows)"],
                        ["blobs in files", "\(found.files)"], ["problems", "\(found.problems.count)"],
                    ], numeric: [1]
                ).text)
            if !found.isSound {
                let rows = found.problems.map { [$0.kind.rawValue, $0.subject, $0.use] }
                print("\n" + TextTable(header: ["problem", "what", "of"], rows: rows, numeric: []).text)
            }
        }
        guard found.isSound else {
            throw UserError.failed(
                "\(state) is damaged. Mend: what tasks have lost they do anew when it is put together; for the rest, "
                    + "`tutti recover` from a backup.")
        }
    }
}
