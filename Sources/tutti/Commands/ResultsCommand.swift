import ArgumentParser
import Cluster
import Foundation

struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "List or fetch the results of a finished job.",
        usage: "tutti results <job> [<file>] [<options>]",
        discussion: """
            The files are those that `tutti fit` writes, byte for byte but for run.json.

              tutti results 1                           lists them
              tutti results 1 --into results            fetches all into a new folder
              tutti results 1 channels.csv              prints one
              tutti results 1 posterior.nc --into .     fetches one into a folder
            """)

    @Argument(help: "The job's number, as `tutti submit` and `tutti jobs` print it.")
    var job: String

    @Argument(help: "One file of the results.")
    var file: String?

    @Option(
        name: [.long, .customLong("out")],
        help: "The folder for the results; for all of them it must not exist yet.")
    var into: String?

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let client = try remote.client
        if let into, file == nil { try checkIsNew(into) }
        let files = try await client.results(of: job).files
        if let file {
            guard let entry = files.first(where: { $0.name == file }) else {
                throw UserError.unusable(
                    "job \(job) has no result file '\(file)'. Mend: it has "
                        + files.map(\.name).joined(separator: ", ") + ".")
            }
            if let into {
                try await fetch(entry, client, into: into)
            } else {
                try FileHandle.standardOutput.write(contentsOf: try await client.result(file, of: job))
            }
        } else if let into {
            try await client.fetch(files, of: job, into: into)
            try FitOutcome(directory: into).report(json: json, quiet: false)
        } else if json {
            try Output.printJSON(files)
        } else {
            let rows = files.map { [$0.name, String($0.mediaType.prefix { $0 != ";" }), String($0.bytes)] }
            print(TextTable(header: ["file", "type", "bytes"], rows: rows, numeric: [2]).text)
            Output.complain("Fetch them: tutti results \(job) --into DIR")
        }
    }

    private func checkIsNew(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw UserError.unusable("\(path) exists. Mend: name another folder.")
        }
    }

    private func fetch(_ entry: ResultEntry, _ client: APIClient, into folder: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(entry.name)"
        try checkIsNew(path)
        try await client.fetch(entry, of: job, to: path)
        print(path)
    }
}
