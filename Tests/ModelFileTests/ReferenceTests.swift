import Foundation
import ModelDefinition
import ModelFile
import Testing
import Yams

/// The reference of the model file says what the reader does.
@Suite("reference of the model file")
struct ReferenceTests {
    /// A model in which every key of the reference has a place, by the section that it stands in.
    private static func model(preset: String = "tutti") -> String {
        """
        tutti: 1
        preset: \(preset)
        data: {sources: [{file: data.csv}], date: week}
        kpi: {column: sales}
        channels:
          - {name: tv, kind: brand, spend: tv}
          - {name: radio, spend: radio}
        families: [{name: air, channels: [tv, radio], parameters: {alpha: {sd: {half_normal: [0.3]}}}}]
        """
    }

    private static func data() -> [UInt8] {
        var rows = ["week,sales,tv,radio"]
        for week in 0..<60 {
            let date = Date(timeIntervalSince1970: 1_704_067_200 + Double(week) * 7 * 86_400)
            rows.append(
                "\(ISO8601DateFormatter().string(from: date).prefix(10)),\(100 + (week * week) % 17),\(week % 5),\(week % 7)"
            )
        }
        return Array((rows.joined(separator: "\n") + "\n").utf8)
    }

    private static func problems(_ model: String) -> [Problem] {
        let bundle = ModelBundle(modelName: "model.yaml", model: Array(model.utf8), files: [("data.csv", data())])
        do {
            _ = try ModelFileReader.read(bundle)
            return []
        } catch {
            return error.problems
        }
    }

    /// The model with a value at one key; sections on the way are made, lists with one entry.
    private static func model(with path: String, value: String) throws -> String {
        let root = try #require(try Yams.compose(yaml: model()))
        let placed = try place(path.split(separator: ".").map(String.init)[...], in: root, Yams.compose(yaml: value))
        return try Yams.serialize(node: placed)
    }

    private static func place(_ path: ArraySlice<String>, in node: Node?, _ value: Node?) throws -> Node {
        guard let word = path.first, let value else { return try #require(value) }
        var mapping = node?.mapping ?? Node.Mapping([])
        let isList = word.hasSuffix("[]")
        let key = Node(word == "*" ? "alpha" : isList ? String(word.dropLast(2)) : word)
        let rest = path.dropFirst()
        if rest.isEmpty, !isList {
            mapping[key] = value
        } else if isList {
            let entries = mapping[key]?.sequence.map(Array.init) ?? []
            let first = try place(rest, in: entries.first, value)
            mapping[key] = Node([first] + entries.dropFirst())
        } else {
            mapping[key] = try place(rest, in: mapping[key], value)
        }
        return .mapping(mapping)
    }

    @Test("the page in the documentation is the table that the reader uses")
    func page() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/tutti/Documentation.docc/Reference.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == ReferencePage.markdown, "make it anew: tutti reference > Reference.md")
    }

    @Test("every key is known to the reader, and its example is taken", arguments: ModelFileReference.keys.map(\.path))
    func example(path: String) throws {
        let key = try #require(ModelFileReference.key(path))
        let text = try Self.model(with: path, value: key.example)
        let found = Self.problems(text).filter { problem in
            ["unknown key", "unknown distribution", "must be", "cannot be", "takes"].contains {
                problem.message.contains($0) && !problem.message.contains("cannot be read")
            }
        }
        #expect(found.isEmpty, "\(found)\n\(text)")
    }

    @Test("every key is read: what cannot be its value is a problem", arguments: ModelFileReference.keys.map(\.path))
    func nonsense(path: String) throws {
        let text = try Self.model(with: path, value: "[[nonsense]]")
        #expect(!Self.problems(text).isEmpty, "\(text)")
    }

    @Test("a key that is in no reference is refused, in every section")
    func unknown() throws {
        let sections = Set(ModelFileReference.keys.map(\.section))
        for section in sections {
            let path = section.isEmpty ? "zzzz" : "\(section).zzzz"
            let text = try Self.model(with: path, value: "1")
            #expect(Self.problems(text).contains { $0.message.contains("zzzz") }, "\(path)\n\(text)")
        }
    }

    @Test("every key has a sentence, an example, and no two are alike")
    func complete() {
        #expect(Set(ModelFileReference.keys.map(\.path)).count == ModelFileReference.keys.count)
        for key in ModelFileReference.keys {
            #expect(key.meaning.hasSuffix(".") && !key.example.isEmpty, "\(key.path)")
        }
        for parameter in ParameterReference.all { #expect(parameter.meaning.hasSuffix("."), "\(parameter.name)") }
    }

    @Test("a model's keys are found, with names of parameters under a star")
    func used() {
        let model = """
            kpi: {column: sales}
            channels: [{name: tv, adstock: {max_lag: 3}, prior: {roi: {lognormal: [0, 1]}}}]
            hierarchy: {parameters: {control: {pooling: complete}}}
            """
        let used = UsedKeys(in: Array(model.utf8), named: ParameterNames(.tutti, saturations: []))
        let wanted: Set<String> = [
            "kpi", "kpi.column", "channels", "channels[].name", "channels[].adstock", "channels[].adstock.max_lag",
            "channels[].prior", "hierarchy", "hierarchy.parameters", "hierarchy.parameters.*.pooling",
        ]
        #expect(used.paths == wanted)
        #expect(used.parameters == ["roi"])
        let text = ReferencePage.explanation(of: used, preset: .pymcMarketing)
        #expect(text.contains("kpi.column: a column's name. The column of the KPI."))
        #expect(text.contains("max_lag: whole number, 0 to 1040 (periods). "))
        #expect(text.contains("The largest lag with an effect. Default: 7 weeks."))
        #expect(text.hasSuffix("Money of KPI per money spent. Default: {lognormal: [0.2, 0.9]}."))
        #expect(text.contains("prior of roi: positive."))
    }

    @Test(
        "what is no mapping or list, or stands elsewhere, is mended with what the reference has",
        arguments: [
            ("holidays: FR", "write `holidays: {country: DE}`."),
            ("seasonality: year", "write `seasonality: [{period: 365.25, harmonics: 3}]`."),
            ("treatments: [promo]", "write `treatments: [{name: promotion, column: promo_depth}]`."),
            ("country: FR", "write it where it belongs: 'holidays.country'."),
            ("roi: {lognormal: [0, 1]}", "write `prior: {roi: ...}`."),
            ("prior: {gamma_control: {normal: [0, 1]}}", "write 'control'."),
        ])
    func mends(line: String, mend: String) {
        let problems = Self.problems("\(Self.model())\n\(line)\n")
        #expect(problems.contains { $0.mend == mend }, "\(problems)")
    }
}
