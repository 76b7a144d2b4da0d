import ArgumentParser
import Cluster
import Foundation
import Report
import Results
import Wording
import Workbook

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what a fit found in forms of other tools.",
        usage: "tutti export <folder> [<options>]",
        discussion: """
            Reads the results folder of `tutti fit`. --cmdstan writes the draws as CmdStan does, a CSV file a chain, which \
            cmdstanr, CmdStanPy and ArviZ read: parameters and reported figures by the names of posterior.nc. \
            --contributions writes what each component brought in each period and geo at single draws \
            (\(ContributionDraws.header)), evenly taken; at every draw components add up to the fitted KPI. --xlsx writes a workbook for finance: what channels \
            brought, from components to the books, and every period, in cells that add up to the cent.

              tutti export results --xlsx results.xlsx --lang fr
              tutti export results --cmdstan draws/
              tutti export results --contributions contributions-draws.csv --draws 200
            """)

    @Argument(help: "The results folder of a fit.")
    var folder: String

    @Option(help: "The folder for CmdStan's files; it is made.")
    var cmdstan: String?

    @Option(help: "The file for contributions by draw.")
    var contributions: String?

    @Option(help: "The file for the workbook.")
    var xlsx: String?

    @Option(help: ArgumentHelp("The workbook's language (default: that of the report).", valueName: "en|fr"))
    var lang: String?

    @Option(help: "Draws of the contributions, over all chains (at most all).")
    var draws = 100

    func validate() throws {
        guard cmdstan != nil || contributions != nil || xlsx != nil else {
            throw ValidationError(
                "there is nothing to write: say --xlsx FILE, --cmdstan FOLDER or --contributions FILE.")
        }
        if let lang, Language(rawValue: lang) == nil {
            throw ValidationError("--lang \(lang): there is no such language. Mend: en or fr.")
        }
        try check(draws, 1...1_000_000, "draws")
    }

    func run() throws {
        if let cmdstan { try writeChains(to: cmdstan) }
        if let contributions { try writeContributions(to: contributions) }
        if let xlsx { try writeWorkbook(to: xlsx) }
    }

    private func writeWorkbook(to target: String) throws {
        let archive = try ReportCommand.archive(in: folder)
        let language = lang.flatMap(Language.init(rawValue:)) ?? archive.specification.language
        guard let sheets = FinanceSheets.sheets(of: archive.content, in: language) else {
            throw UserError.failed("\(folder) has amounts that cannot be told to the cent.")
        }
        let partial = target + ".part"
        do {
            try Workbook.write(sheets, title: archive.content.name, to: partial)
        } catch {
            throw UserError.unusable("\(target) cannot be written: \(error)")
        }
        try Self.writing(target) {
            guard rename(partial, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    private func writeChains(to target: String) throws {
        let texts: [String]
        do {
            guard let manifest = try ResultsFolder.readManifest(in: folder) else { throw Self.noResults(folder) }
            texts = try CmdStanFiles.texts(
                of: "\(folder)/\(ResultsFolder.posteriorName)", manifest: manifest, warmup: manifest.plan.warmup)
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError.unusable("\(folder): the draws cannot be read: \(error)")
        }
        try Self.writing(target) {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            for (chain, text) in texts.enumerated() {
                let file = URL(fileURLWithPath: "\(target)/chain-\(chain + 1).csv")
                try Data(text.utf8).write(to: file, options: .atomic)
            }
        }
    }

    private func writeContributions(to target: String) throws {
        let result: AcceptedResult
        do {
            guard let read = try AcceptedResult(folder: folder) else { throw Self.noResults(folder) }
            result = read
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError.unusable("\(folder): the fit cannot be read: \(error)")
        }
        let (total, perChain) = (result.constrained.count, result.constrained.count / result.chainCount)
        let count = min(draws, total)
        try Self.writing(target) {
            let partial = target + ".part"
            guard FileManager.default.createFile(atPath: partial, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
            try file.write(contentsOf: Data((ContributionDraws.header + "\n").utf8))
            for order in 0..<count {
                let index = order * total / count
                let lines = ContributionDraws.lines(
                    result.model, result.constrained[index], chain: index / perChain, draw: index % perChain)
                try file.write(contentsOf: Data(lines.utf8))
            }
            try file.close()
            guard rename(partial, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    private static func noResults(_ folder: String) -> UserError {
        .unusable("\(folder) is no results folder of `tutti fit` with its bundle.json. Mend: name one.")
    }

    private static func writing(_ target: String, _ write: () throws -> Void) throws {
        do {
            try write()
        } catch {
            throw UserError.unusable("\(target) cannot be written: \(error.localizedDescription)")
        }
    }
}
