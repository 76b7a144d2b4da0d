import Foundation
import JSON
import Testing

/// Holds every number of an answer against the file, or the command, that the answer names. It reads files in its own way.
final class AnswerCheck {
    private let place: Workplace
    private var digests: [String: String] = [:]
    private var tables: [String: [[String: String]]] = [:]
    private var documents: [String: JSONValue] = [:]
    /// Numbers that were found where they are said to be.
    private(set) var count = 0

    init(_ place: Workplace) { self.place = place }

    /// Of a file below the workplace, by another program.
    func digest(_ path: String) -> String? {
        if let known = digests[path] { return known }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [place.path(path)]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        digests[path] = String(text.prefix { $0 != " " })
        return digests[path]
    }

    /// How many numbers were found.
    func check(_ answer: JSONValue, _ about: String) throws -> Int {
        let before = count
        let folder = answer["results"]?["path"]?.text
        for record in answer["records"]?.list ?? [] {
            for figure in record["figures"]?.list ?? [] {
                try check(figure, of: record["of"]?.mapping ?? [:], folder, answer, about)
            }
        }
        // No number stands anywhere but in figures.
        #expect(Self.numbers(in: answer) == count - before, "\(about)")
        return count - before
    }

    private func check(
        _ figure: JSONValue, of key: [String: JSONValue], _ folder: String?, _ answer: JSONValue, _ about: String
    ) throws {
        let name = figure["figure"]?.text ?? ""
        let source = try #require(figure["source"])
        let file = try #require(source["file"]?.text)
        let path = folder.map { "\($0)/\(file)" } ?? file
        #expect(source["sha256"]?.text == digest(path), "\(about): \(name)")
        #expect(figure["unit"]?.text?.isEmpty == false, "\(about): \(name)")
        let parts = try #require((source["columns"] ?? source["keys"])?.mapping)
        #expect((figure["interval"] == "90 %, from q05 to q95") == (parts["q05"] != nil && parts["q95"] != nil))
        let value: (String) throws -> Double?
        if let command = source["command"]?.text {
            let document = try printed(command, answer)
            // Sentences with numbers in them are the command's own.
            if let sentences = answer["sentences"] { #expect(sentences == document["sentences"], "\(about)") }
            value = { Self.value(at: $0, in: document)?.number }
        } else if source["columns"] != nil {
            let records = try table(file, in: folder ?? "").filter { record in
                key.allSatisfy { record[$0.key] == $0.value.text }
            }
            try #require(records.count == 1, "\(about): \(key)")
            value = { records[0][$0].flatMap(Double.init) }
        } else {
            let document = try document(path)
            value = { Self.value(at: $0, in: document)?.number }
        }
        for (part, place) in parts {
            let told = try #require(figure[part]?.number, "\(about): \(name)")
            let found = try value(place.text ?? "")
            #expect(found == told, "\(about): \(name) \(part) \(place.line)")
            count += 1
        }
    }

    private func table(_ file: String, in folder: String) throws -> [[String: String]] {
        if let known = tables["\(folder)/\(file)"] { return known }
        let table = try place.table(file, in: folder)
        tables["\(folder)/\(file)"] = table
        return table
    }

    private func document(_ path: String) throws -> JSONValue {
        if let known = documents[path] { return known }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: place.path(path)))
        let document: JSONValue = try #require(JSONValue(parsing: bytes))
        documents[path] = document
        return document
    }

    /// What a command prints, with the plan that the answer tells in its place.
    private func printed(_ command: String, _ answer: JSONValue) throws -> JSONValue {
        let opening = "plan.csv, for the command that is named: "
        for note in answer["notes"]?.list ?? [] {
            if let text = note.text, text.hasPrefix(opening) {
                try place.write(String(text.dropFirst(opening.count)), to: "plan.csv")
            }
        }
        if let known = documents[command] { return known }
        let words = command.split(separator: " ").map(String.init)
        let outcome = try TuttiProcess.run(Array(words.dropFirst()), directory: place.folder)
        try #require(words[0] == "tutti" && outcome.code == 0, "\(command): \(outcome.complaints)")
        let lines = outcome.output.split(separator: "\n").map { JSONValue(parsing: $0.utf8) }
        // Fits are compared a line each.
        let value =
            lines.contains(nil) ? JSONValue(parsing: outcome.output.utf8) : ["fits": .list(lines.compactMap { $0 })]
        let document: JSONValue = try #require(value)
        documents[command] = document
        return document
    }

    /// `verdict.r_hat_max.value`, `channels[channel=tv].mroi.mean`.
    private static func value(at path: String, in document: JSONValue) -> JSONValue? {
        guard let match = path.firstMatch(of: /^([a-z_]+)\[([a-z_]+)=(.*)\]\.([a-z0-9_.]+)$/) else {
            return path.split(separator: ".").reduce(document as JSONValue?) { $0?[String($1)] }
        }
        let entry = document[String(match.1)]?.list?.first { $0[String(match.2)]?.text == String(match.3) }
        return entry.flatMap { value(at: String(match.4), in: $0) }
    }

    private static func numbers(in value: JSONValue) -> Int {
        switch value {
        case .whole, .number: 1
        case .list(let values): values.reduce(0) { $0 + numbers(in: $1) }
        case .mapping(let values): values.values.reduce(0) { $0 + numbers(in: $1) }
        case .text, .boolean, .null: 0
        }
    }
}
