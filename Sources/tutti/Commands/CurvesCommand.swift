import ArgumentParser
import Foundation
import Report

struct CurvesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curves",
        abstract: "Draw every kind of carry-over and saturation.",
        discussion: """
            Writes one SVG file a kind, with the curve at a few parameters: what `adstock: {kind: ...}` and \
            `saturation: {kind: ...}` of a model file mean.
            """)

    @Option(help: "Folder of the drawings; it is made where it is missing.")
    var out: String

    func run() throws {
        let folder = URL(fileURLWithPath: out)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, svg) in CurveGallery.files() {
                try Data(svg.utf8).write(to: folder.appendingPathComponent(name))
            }
        } catch {
            throw UserError.unusable("\(out): the drawings cannot be written: \(error.localizedDescription)")
        }
    }
}
