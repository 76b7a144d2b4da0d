import Foundation
import MarketingMix
import ModelDefinition
import Report
import Testing

@Suite("pictures of carry-over and saturation")
struct CurveGalleryTests {
    /// The documentation's own folder: this file lies in Tests/ReportTests.
    private static let pictures = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/tutti/Documentation.docc/Resources")

    @Test("there is one of every kind, and the documentation shows these")
    func files() throws {
        let files = CurveGallery.files()
        let names = Adstock.Kind.allCases.map { "adstock-\($0.rawValue).svg" }
        #expect(files.map(\.name) == names + Saturation.allCases.map { "saturation-\($0.rawValue).svg" })
        let article = try String(
            contentsOf: Self.pictures.deletingLastPathComponent().appendingPathComponent("Media.md"), encoding: .utf8)
        for (name, svg) in files {
            #expect(
                try String(contentsOf: Self.pictures.appendingPathComponent(name), encoding: .utf8) == svg, "\(name)")
            #expect(article.contains("(\(name))"), "\(name)")
        }
    }

    @Test("weights and curves are those of their formulas")
    func shapes() {
        let weights = ResponseShape.weights(of: Adstock(kind: .geometric, maximumLag: 2), [.alpha: 0.5])
        for (weight, expected) in zip(weights, [4.0 / 7, 2.0 / 7, 1.0 / 7]) { #expect(abs(weight - expected) < 1e-15) }
        let hill = ResponseShape.responses(of: .hill, at: [0, 0.25, 1], [.ec: 0.5, .slope: 2])
        for (value, expected) in zip(hill, [0, 0.2, 0.8]) { #expect(abs(value - expected) < 1e-14) }
        let height = ResponseShape.responses(of: .michaelisMenten, at: [0.5, 1], [.lam: 0.5, .beta: 2])
        for (value, expected) in zip(height, [1, 4.0 / 3]) { #expect(abs(value - expected) < 1e-14) }
    }
}
