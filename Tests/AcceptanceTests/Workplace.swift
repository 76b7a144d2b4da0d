import Foundation
import Testing

/// The package's own folder: this file lies in Tests/AcceptanceTests.
private let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A folder of one test, removed with it.
final class Workplace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    static func model(_ name: String) -> String {
        packageFolder.appendingPathComponent("Configs/models/\(name).yaml").path
    }

    static func data(_ name: String) throws -> String {
        try String(contentsOf: packageFolder.appendingPathComponent("Configs/models/data/\(name)"), encoding: .utf8)
    }

    /// Writes the quickstart's model and data, with a column that no model uses and that makes them so long; returns the
    /// model's path.
    func writeBulkyModel(byteCount: Int) throws -> String {
        let data = try Self.data("robyn_weekly.csv").split(separator: "\n")
        let filling = String(repeating: "x", count: byteCount / data.count)
        let rows = data.enumerated().map { $1 + "," + ($0 == 0 ? "remark" : filling) }
        try FileManager.default.createDirectory(atPath: path("data"), withIntermediateDirectories: true)
        try write(rows.joined(separator: "\n") + "\n", to: "data/robyn_weekly.csv")
        try write(try String(contentsOfFile: Self.model("quickstart"), encoding: .utf8), to: "bulky.yaml")
        return path("bulky.yaml")
    }

    static func resource(_ name: String) throws -> Data {
        let folder = try #require(Bundle.module.url(forResource: "Resources", withExtension: nil))
        return try Data(contentsOf: folder.appendingPathComponent(name))
    }

    /// The bytes of every file of a results folder but `run.json`, by name.
    func results(_ name: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: path(name)) where file != "run.json" {
            files[file] = FileManager.default.contents(atPath: "\(path(name))/\(file)")
        }
        return files
    }

    func manifest(_ name: String) throws -> RunManifest {
        try decoder.decode(
            RunManifest.self, from: Data(contentsOf: URL(fileURLWithPath: "\(path(name))/run.json")))
    }

    /// Records of a table that holds no quoted fields, by column.
    func table(_ file: String, in name: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: "\(path(name))/\(file)", encoding: .utf8).split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(header, Self.fields(of: line)))
        }
    }

    /// Fields of a record; quotes hold commas together.
    private static func fields(of line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}

/// Reads the program's JSON.
let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}()

/// What the tests read of `run.json`.
struct RunManifest: Decodable {
    struct Attempt: Decodable {
        var startIteration: Int
        var lastIteration: Int
        var outcome: String
    }

    struct Task: Decodable {
        var label: String
        var iterations: Int
        var attempts: [Attempt]
        var recomputedIterations: Int
        var result: String
    }

    struct Verdict: Decodable {
        var passed: Bool
    }

    struct Mediation: Decodable {
        var channel: String
        var mediator: String
        var directMean: Double
        var throughMean: Double
        var totalMean: Double
        var totalQ05: Double
        var totalQ95: Double
    }

    var mediation: [Mediation]?
    var tasks: [Task]
    var recomputedIterations: Int
    var verdict: Verdict
    var warnings: [String]
    var files: [String: String]
}

/// A line of `tutti fit --json`.
struct ProgressLine: Decodable {
    struct Progress: Decodable {
        struct Task: Decodable {
            var label: String
            var state: String
            var iteration: Int
            var iterations: Int
        }

        var tasks: [Task]
    }

    var event: String
    var progress: Progress?

    init?(_ line: String) {
        guard let decoded = try? JSONDecoder().decode(ProgressLine.self, from: Data(line.utf8)) else { return nil }
        self = decoded
    }
}
