import ArgumentParser
import Cluster
import Foundation
import ModelDefinition
import Report
import Results
import Wording

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a finished fit's report, or a night's, again, in another language or for other readers.",
        usage: "tutti report <folder> [<options>]",
        discussion: """
            Reads report.json in the results folder of `tutti fit`, so that nothing is fitted again. What the model file says of \
            the report is kept unless said otherwise here, and the same page is the same bytes.

              tutti report results --lang fr
              tutti report results --audience cmo --out summary.html

            Of a night's folder of `tutti recalibrate` it writes both pages: that of the night, night-LANG.html, and the report \
            of its results with what moved, report-LANG-AUDIENCE.html.

              tutti report accepted/uk/nights/2026-11-30 --lang fr
            """)

    @Argument(help: "The results folder of a fit, or the folder of a night.")
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
        guard let night = try Self.night(in: folder) else { return try write(Self.archive(in: folder), nil) }
        guard out == nil else {
            throw UserError.unusable(
                "--out: it names one file, and a night has two pages. Mend: leave it out; both are written into the folder of the "
                    + "night.")
        }
        let language = try choices().language ?? night.language
        try write(NightPage.render(night.content, in: language), to: "\(folder)/night-\(language.rawValue).html")
        let results = "\(folder)/results"
        guard FileManager.default.fileExists(atPath: "\(results)/\(ResultsFolder.archiveName)") else { return }
        try write(Self.archive(in: results), night.content.moved)
    }

    /// - Parameter moved: what moved since the accepted result; nil where nothing is known of it.
    private func write(_ archive: ReportArchive, _ moved: MovedSection?) throws {
        let (language, readers) = try choices()
        var specification = archive.specification
        specification.language = language ?? specification.language
        specification.audience = readers ?? specification.audience
        let path =
            out
            ?? "\(folder)/report-\(specification.language.rawValue)-\(specification.audience.rawValue).html"
        let page = ReportPage.render(archive.content, as: specification)
        let whole = moved.flatMap { ReportPage.adding($0, to: page, in: specification.language) } ?? page
        try write(whole, to: path)
    }

    private func write(_ page: String, to path: String) throws {
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw UserError.unusable("\(path): the report cannot be written: \(error.localizedDescription)")
        }
        print(path)
    }

    /// What the page of a night says; nil where the folder is not that of one.
    private static func night(in folder: String) throws -> NightArchive? {
        let path = "\(folder)/\(NightStore.archiveName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            guard FileManager.default.fileExists(atPath: "\(folder)/night.html") else { return nil }
            throw UserError.unusable(
                "\(folder) has no \(NightStore.archiveName), in which newer nights keep what their page says. Mend: name its "
                    + "results, \(folder)/results, for the report alone.")
        }
        do {
            return try NightArchive(decoding: Array(data))
        } catch {
            throw UserError.unusable("\(path): this version cannot read it. Mend: use the version that wrote it.")
        }
    }

    /// What the report of a results folder says.
    static func archive(in folder: String) throws -> ReportArchive {
        let path = "\(folder)/\(ResultsFolder.archiveName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError.unusable(
                FileManager.default.fileExists(atPath: "\(folder)/\(ResultsFolder.manifestName)")
                    ? "\(folder) has no \(ResultsFolder.archiveName), in which newer fits keep what their report says. Mend: fit it "
                        + "again."
                    : "\(folder) is no results folder of `tutti fit`, and no night's of `tutti recalibrate`. Mend: name one."
            )
        }
        do {
            return try ReportArchive(decoding: Array(data))
        } catch {
            throw UserError.unusable(
                "\(path): this version cannot read it. Mend: use the version that wrote it, or fit it again.")
        }
    }
}
