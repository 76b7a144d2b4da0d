import Foundation
import MarketingMix
import ModelChecks
import ModelFile
import Testing

/// One folder of `Resources/broken`: a model and data with something wrong, and what is said of them.
struct BrokenInput: CustomTestStringConvertible, Sendable {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    static let all: [BrokenInput] = {
        guard let root = Bundle.module.url(forResource: "Resources/broken", withExtension: nil),
            let names = try? FileManager.default.contentsOfDirectory(atPath: root.path)
        else { return [] }
        return names.sorted().map { BrokenInput(folder: root.appendingPathComponent($0)) }
    }()

    /// The lines of expected.txt.
    func expected() throws -> [String] {
        try String(contentsOf: folder.appendingPathComponent("expected.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// The problems of the input, or its warnings marked as such, as `tutti validate` prints them.
    func found() -> [(line: String, problem: Problem)] {
        do {
            let bundle = try ModelFileReader.bundle(at: folder.appendingPathComponent("model.yaml").path)
            return try ModelFileReader.read(bundle).judged().warnings.map { ("warning: \($0)", $0) }
        } catch {
            return error.problems.map { ($0.description, $0) }
        }
    }
}

@Suite("broken inputs")
struct BrokenInputTests {
    @Test("there are thirty of them and more")
    func count() {
        #expect(BrokenInput.all.count >= 30)
    }

    @Test("say file, place and mend, word for word as expected", arguments: BrokenInput.all)
    func messages(_ input: BrokenInput) throws {
        let found = input.found()
        #expect(try found.map(\.line) == input.expected())
        let files = try FileManager.default.contentsOfDirectory(atPath: input.folder.path)
        for (_, problem) in found {
            #expect(files.contains(problem.file), "\(problem)")
            #expect(problem.message.hasSuffix(".") && problem.mend.hasSuffix("."), "\(problem)")
        }
    }

    @Test("warnings tell the same figures, days and places in French", arguments: BrokenInput.all)
    func french(_ input: BrokenInput) {
        for (line, problem) in input.found() where line.hasPrefix("warning: ") {
            let (english, french) = problem.figures
            #expect(english == french, "\(problem.sentence.english) \(problem.sentence.french)")
            #expect(!problem.sentence.isUntranslated && !problem.sentence.french.contains(#/\d{4}-\d\d-\d\d/#))
        }
    }
}
