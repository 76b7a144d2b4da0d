import ArgumentParser
import Foundation
import ModelDefinition
import Report
import Results
import Wording

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a finished fit's report again, in another language or for other readers.",
        usage: "tutti report <folder> [<options>]",
        discussion: """
            Reads report.json in the results folder of `tutti fit`, so that nothing is fitted again. What the model file says of \
            the report is kept unless said otherwise here, and the same page is the same bytes.

              tutti report results --lang fr
              tutti report results --audience cmo --out summary.html
            """)

    @Argument(help: "The results folder of a fit.")
    var folder: String

    @Option(help: ArgumentHelp("The language (default: that of the model file).", valueName: "en|fr"))
    var lang: String?

    @Option(
        help: ArgumentHelp(
            "For whom: cmo, the answer and the decision; finance, with returns, reconciliation and trust; full, all (default: "
                + "that of the model file).", valueName: "cmo|finance|full"))
    var audience: String?

    @Option(help: "The file that is written (default: report-LANG-AUDIENCE.html in the results folder).")
    var out: String?

    func validate() throws {
        _ = try choices()
    }

    private func choices() throws -> (language: Language?, audience: ReportSpecification.Audience?) {
        let language = lang.flatMap(Language.init(rawValue:))
        if let lang, language == nil {
            throw ValidationError("--lang \(lang): there is no such language. Mend: en or fr.")
        }
        let readers = audience.flatMap(ReportSpecification.Audience.init(rawValue:))
        if let audience, readers == nil {
            throw ValidationError("--audience \(audience): there are no such readers. Mend: cmo, finance or full.")
        }
        return (language, readers)
    }

    func run() throws {
        let archive = try Self.archive(in: folder)
        let (language, readers) = try choices()
        var specification = archive.specification
        specification.language = language ?? specification.language
        specification.audience = readers ?? specification.audience
        let path =
            out
            ?? "\(folder)/report-\(specification.language.rawValue)-\(specification.audience.rawValue).html"
        do {
            let page = ReportPage.render(archive.content, as: specification)
            try Data(page.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw UserError.unusable("\(path): the report cannot be written: \(error.localizedDescription)")
        }
        print(path)
    }

    /// What the report of a results folder says.
    static func archive(in folder: String) throws -> ReportArchive {
        let path = "\(folder)/\(ResultsFolder.archiveName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError.unusable(
                FileManager.default.fileExists(atPath: "\(folder)/\(ResultsFolder.manifestName)")
                    ? "\(folder) has no \(ResultsFolder.archiveName), in which newer fits keep what their report says. Mend: fit it "
                        + "again."
                    : "\(folder) is no results folder of `tutti fit`. Mend: name one.")
        }
        do {
            return try ReportArchive(decoding: Array(data))
        } catch {
            throw UserError.unusable(
                "\(path): this version cannot read it. Mend: use the version that wrote it, or fit it again.")
        }
    }
}
