import Foundation
import Testing

struct HelpTests {
    /// Characters on a line where help goes to no terminal.
    private static let width = 80

    /// The words after `tutti` of every command that has a help.
    private static func commands() throws -> [[String]] {
        func names(_ words: [String]) throws -> [String] {
            let help = try TuttiProcess.run(words + ["--help"]).output
            guard let list = help.components(separatedBy: "SUBCOMMANDS:").dropFirst().first else { return [] }
            return list.split(separator: "\n").compactMap { line in
                line.hasPrefix("  ") && !line.hasPrefix("   ")
                    ? line.split(separator: " ").first.map(String.init) : nil
            }.filter { $0 != "See" }
        }
        let top = try names([])
        return try [[]] + top.map { [$0] } + top.flatMap { name in try names([name]).map { [name, $0] } }
    }

    @Test("no line of a help is longer than a terminal is wide, and no example is broken where its author did not")
    func lines() throws {
        let commands = try Self.commands()
        #expect(commands.count > 35)
        for words in commands {
            let outcome = try TuttiProcess.run(words + ["--help"])
            #expect(outcome.code == 0)
            let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            for line in lines where line.count > Self.width {
                Issue.record("tutti \(words.joined(separator: " ")): \(line.count) characters: \(line)")
            }
            let end = lines.firstIndex { $0.hasPrefix("USAGE:") } ?? 0
            for (line, next) in zip(lines[..<end], lines[..<end].dropFirst()) {
                let isBroken = line.hasPrefix("  ") && !next.isEmpty && !next.hasPrefix("  ")
                #expect(!isBroken, "tutti \(words.joined(separator: " ")): \(line)⏎\(next)")
            }
        }
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("a schema comes as one JSON document for each kind of file")
    func schemas() throws {
        for file in ["model", "settings", "portfolio", "recalibration"] {
            let outcome = try TuttiProcess.run(["schema", file])
            #expect(outcome.code == 0)
            let schema = try Self.object(outcome.output)
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(schema["additionalProperties"] as? Bool == false)
        }
    }

    @Test("the doctor fits a model, and says what is wrong where it cannot")
    func doctor() throws {
        let well = try TuttiProcess.run(["doctor", "--json"])
        #expect(well.code == 0, "\(well.output)")
        let report = try Self.object(well.output)
        #expect((report["checks"] as? [[String: Any]])?.count == 2)
        #expect((report["fingerprint"] as? String)?.count == 64)
        let ill = try TuttiProcess.run(["doctor", "--url", "http://127.0.0.1:9"], environment: ["TMPDIR": "/proc"])
        #expect(ill.code == 1)
        #expect(ill.output.contains("✗ temporary"), "\(ill.output)")
        #expect(ill.output.contains("✗ coordinator"), "\(ill.output)")
    }
}
