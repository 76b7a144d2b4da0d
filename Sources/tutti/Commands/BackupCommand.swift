import ArgumentParser
import Storage

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a coordinator's state while it runs.",
        discussion: """
            The ledger as it is at one moment, the models, data and draws that it names, and finished results; not the \
            keys. The folder is there when all of it is whole and on the disk, and not before. `tutti verify` says \
            whether a backup is whole, `tutti recover` makes a state folder of it.

              tutti backup /var/lib/tutti --into /backup/tutti-monday
            """)

    @Argument(help: "The coordinator's state folder.")
    var state: String

    @Option(help: "The folder to make.")
    var into: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        var folder: String
        var files: Int
        var bytes: Int
        /// Blobs that are damaged or missing in the state folder.
        var missing: [String]
    }

    func run() throws {
        let manifest = try StorageReport.reporting { try StateBackup.make(of: state, into: into) }
        let report = Report(
            folder: into, files: manifest.files.count, bytes: manifest.files.reduce(0) { $0 + $1.bytes },
            missing: manifest.missing)
        if json {
            try Output.printJSON(report)
        } else {
            print("\(report.folder): \(report.files) files, \(report.bytes) bytes")
        }
        guard report.missing.isEmpty else {
            throw UserError.failed(
                "\(report.missing.count) blobs are missing or damaged in \(state) and could not be copied. "
                    + "Mend: `tutti verify \(state)` names what they were for.")
        }
    }
}

/// What commands that work on state folders say of what is wrong.
enum StorageReport {
    /// A folder that cannot be used is unusable input; a disk that refuses has failed.
    static func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StorageError {
            switch error {
            case .noState, .newer, .older, .notEmpty, .mountPoint, .unreadableFormat, .networkFileSystem:
                throw UserError.unusable("\(error)")
            default:
                throw UserError.failed("\(error)")
            }
        }
    }
}
