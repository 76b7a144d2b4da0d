import Cluster
import Coordination
import Foundation
import ModelFile
import Testing

/// Settings from options, environment and file.
@Suite("settings")
struct SettingsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(
        _ program: Program, given: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> EffectiveSettings {
        var path: String?
        if let file {
            path = "\(folder.path)/cluster.yaml"
            try file.write(toFile: path ?? "", atomically: true, encoding: .utf8)
        }
        return try SettingsReader.read(program, given: given, file: path, environment: environment)
    }

    /// What is said of settings that are refused, a line each; the file's folder left out.
    private func complaints(
        _ program: Program, given: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) -> [String] {
        do {
            _ = try read(program, given: given, environment: environment, file: file)
            return []
        } catch let list as ProblemList {
            return list.problems.map { $0.description.replacing("\(folder.path)/", with: "") }
        } catch {
            return ["\(error)"]
        }
    }

    /// A value that a setting takes, and that is not its default; another for another number.
    private static func sample(_ setting: Setting, _ number: Int) -> String {
        switch (setting.key, setting.domain) {
        case ("bind", _), ("connect", _): "tcp://127.0.0.1:600\(number)"
        case ("http", _): "127.0.0.1:700\(number)"
        case ("checkpoint_interval", _): "0.\(number)"
        case (_, .text): "/somewhere/\(number)"
        case (_, .whole): "\(number)"
        case (_, .number): "3\(number)"
        case (_, .duration): "\(number)h"
        case (_, .memory): "\(number)G"
        case (_, .words): "gpu,zone=\(number)"
        case (_, .flag): "true"
        case (_, .table): "{a: {\(setting.fields[0].key): \(number)}}"
        }
    }

    @Test(
        "an option goes before the environment, that before the file, that before the default",
        arguments: Program.allCases)
    func precedence(program: Program) throws {
        let all = Settings.all(of: program)
        func values(_ number: Int, of settings: some Sequence<Setting>) -> [(Setting, String)] {
            settings.map { ($0, Self.sample($0, number)) }
        }
        let file = "\(program.rawValue):\n" + values(1, of: all).map { "  \($0.key): \($1)\n" }.joined()
        let environment = Dictionary(uniqueKeysWithValues: values(2, of: all).map { ($0.environment, $1) })
        let given = Dictionary(
            uniqueKeysWithValues: values(3, of: all.filter(\.hasOption)).map { ($0.key, $1) })
        for (line, (setting, value)) in try read(program, file: file).rows.enumerated() {
            let text = setting.domain == .table ? "a(\(setting.fields[0].key)=1)" : Self.sample(setting, 1)
            #expect(value.text == text)
            #expect(value.source == .file("\(folder.path)/cluster.yaml", line: line + 2))
        }
        for (setting, value) in try read(program, environment: environment, file: file).rows where setting.hasOption {
            #expect(value.text == Self.sample(setting, 2))
            #expect(value.source == .environment(setting.environment))
        }
        let strongest = try read(program, given: given, environment: environment, file: file).rows
        for (setting, value) in strongest where setting.hasOption {
            #expect(value.text == Self.sample(setting, 3))
            #expect(value.source == .option(setting.option))
        }
        let required = all.filter { $0.standard == .required }
        let least = Dictionary(uniqueKeysWithValues: values(1, of: required).map { ($0.key, $1) })
        for (setting, value) in try read(program, given: least).rows where setting.standard != .required {
            #expect(value.source == .standard)
            if case .value(let text) = setting.standard {
                #expect(value.text == text)
            } else {
                #expect(value.text == nil)
            }
        }
        #expect(Set(all.map(\.key)).count == all.count)
    }

    @Test("defaults lie in their ranges", arguments: Program.allCases)
    func defaults(program: Program) {
        for setting in Settings.all(of: program).flatMap({ [$0] + $0.fields }) {
            if case .value(let text) = setting.standard { #expect(setting.accepts(text), "\(setting.key)") }
            #expect(setting.meaning.hasSuffix(".") && setting.reason.hasSuffix("."), "\(setting.key)")
        }
    }

    @Test("the file may be named by the environment; the option goes before it")
    func fileVariable() throws {
        for (name, lease) in [("a", 7), ("b", 8)] {
            try "coordinator: {state: s, lease: \(lease)}\n".write(
                toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        let environment = [SettingsReader.fileVariable: "\(folder.path)/a"]
        #expect(
            try SettingsReader.read(.coordinator, given: [:], file: nil, environment: environment).number("lease") == 7)
        #expect(
            try SettingsReader.read(
                .coordinator, given: [:], file: "\(folder.path)/b", environment: environment
            ).number("lease") == 8)
    }

    @Test(
        "what is wrong in a file is told with line, key and mend, in the other program's section too",
        arguments: [
            (
                "coordinator:\n  state: s\n  leese: 3\n",
                ["cluster.yaml:3: unknown key 'coordinator.leese'. Mend: write 'lease'."]
            ),
            (
                "coordinator:\n  state: s\n  name: x\n",
                ["cluster.yaml:3: unknown key 'coordinator.name'. Mend: use one of "]
            ),
            ("coordinater:\n  state: s\n", ["cluster.yaml:1: unknown key 'coordinater'. Mend: write 'coordinator'."]),
            (
                "coordinator:\n  state: s\n  lease: 0.1\nworker:\n  slots: 0\n",
                [
                    "cluster.yaml:3: 'lease' cannot be '0.1'. Mend: write a number from 0.5 to 3600 s.",
                    "cluster.yaml:5: 'slots' cannot be '0'. Mend: write a whole number from 1 to 1024.",
                ]
            ),
            ("coordinator:\n  state: s\n  lease: nan\n", ["cluster.yaml:3: 'lease' cannot be 'nan'."]),
            ("coordinator:\n  state: s\n  lease: [1]\n", ["cluster.yaml:3: 'coordinator.lease' must be a text."]),
            (
                "coordinator:\n  state: s\n  allow_plaintext_off_loopback: yes\n",
                ["cluster.yaml:3: 'allow_plaintext_off_loopback' cannot be 'yes'. Mend: write true or false."]
            ),
            ("coordinator: {state: s, state: t}\n", ["the key 'state' stands twice in one mapping"]),
            ("coordinator: [\n", ["not valid YAML"]), ("- a\n", ["the file must be a mapping"]),
            ("# nothing\n", ["the file is empty. Mend: write 'coordinator:' or 'worker:' and settings."]),
            (
                "coordinator:\n  state: s\n  bind: tcp://0.0.0.0:5570\n",
                ["cluster.yaml:3: without keys, whoever reaches this address"]
            ),
        ])
    func wrongFiles(file: String, expected: [String]) {
        let found = complaints(.coordinator, file: file)
        #expect(found.count == expected.count, "\(found)")
        for (complaint, words) in zip(found, expected) {
            #expect(complaint.contains(words), "\(complaint)")
            #expect(complaint.contains(" Mend: "), "\(complaint)")
        }
    }

    @Test("what is wrong in options and environment is told with their names, all at once")
    func wrongValues() {
        let found = complaints(
            .coordinator, given: ["lease": "abc"], environment: ["TUTTI_CHECKPOINT_INTERVAL": "1e9", "TUTTI_BIND": ""])
        #expect(
            found == [
                "--lease: 'lease' cannot be 'abc'. Mend: write a number from 0.5 to 3600 s.",
                "TUTTI_CHECKPOINT_INTERVAL: 'checkpoint_interval' cannot be '1e9'. Mend: write a number from 0.01 to "
                    + "3600 s.",
                "--state: a coordinator needs 'state': The folder of everything durable, on a local disk. Mend: give "
                    + "--state, or set TUTTI_STATE, or write `state` into the file of settings.",
            ])
        let missing = complaints(.coordinator, environment: [SettingsReader.fileVariable: "/nowhere/x.yaml"])
        #expect(
            missing.count == 1 && missing[0].contains("/nowhere/x.yaml: the file of settings cannot be read: No such"))
    }

    @Test(
        "settings that do not go together are one error each",
        arguments: [
            (Program.coordinator, ["lease": "2", "checkpoint_interval": "2"], "--checkpoint-interval 2: "),
            (.coordinator, ["bind": "0.0.0.0:1"], "--bind 0.0.0.0:1: an address of workers begins with"),
            (.coordinator, ["bind": "tcp://0.0.0.0:1"], "--bind tcp://0.0.0.0:1: without keys"),
            (.coordinator, ["http": "8080"], "--http must be HOST:PORT"),
            (.coordinator, ["http": "127.0.0.1:70000"], "--http must be HOST:PORT"),
            (.coordinator, ["http": "::1:80"], "--http must be HOST:PORT"),
            (.coordinator, ["http": "0.0.0.0:80"], "--http 0.0.0.0:80: without tokens"),
            (.coordinator, ["http": "[::]:80"], "--http [::]:80: without tokens"),
            (.worker, ["tags": "a b"], "--tag a b: 'a b' is not 1 to 128 bytes"),
            (.worker, ["key": "k"], "--key and --coordinator-key go together"),
            (.worker, ["coordinator_key": "k"], "--key and --coordinator-key go together"),
            (.worker, ["connect": "localhost:1"], "--connect localhost:1: a coordinator's address begins with"),
            (.worker, ["connect": "tcp://10.0.0.1:1"], "--connect tcp://10.0.0.1:1: without keys"),
        ])
    func relations(program: Program, given: [String: String], expected: String) throws {
        let least = program == .coordinator ? ["state": "s"] : ["connect": "tcp://127.0.0.1:1"]
        #expect(complaints(program, given: least).isEmpty)
        let found = complaints(program, given: least.merging(given) { $1 })
        #expect(Set(found).count == found.count && (1...2).contains(found.count), "\(found)")
        #expect(found.contains { $0.contains(expected) && $0.contains(" Mend: ") }, "\(found)")
    }

    @Test(
        "amounts and durations have a least, and none that counts nothing",
        arguments: [
            (["memory_per_slot": "1M"], "--memory-per-slot: 'memory_per_slot' cannot be '1M'. Mend: write an amount"),
            (["walltime": "0.5"], "write a duration such as 90s, 15m or 1h30m, from 1s on."),
            (["lifetime": "0s"], "from 1s on."),
            (["drain_limit": "1w"], "--drain-limit: 'drain_limit' cannot be '1w'."),
            (["spool_limit": "much"], "write an amount such as 512M or 4G."),
            (["tags": "a,,b"], "--tag: 'tags' cannot"),
        ])
    func least(given: [String: String], expected: String) {
        let found = complaints(.worker, given: given.merging(["connect": "tcp://127.0.0.1:1"]) { $1 })
        #expect(found.count == 1 && found[0].contains(expected), "\(found)")
    }

    @Test("projects are shares of slot time, in the file alone")
    func projects() throws {
        let file = """
            coordinator:
              state: s
              projects:
                brand-a: {weight: 3, slots_max: 8, tasks_max: 10000, bytes_max: 1.5G}
                brand-b:
                  weight: 0.5
                brand-c: {}
            """
        let settings = try read(
            .coordinator, environment: ["TUTTI_PROJECTS": "something else's variable"], file: file)
        #expect(
            settings.projectShares == [
                "brand-a": ProjectShare(weight: 3, slotsMax: 8, tasksMax: 10_000, bytesMax: 3 << 29),
                "brand-b": ProjectShare(weight: 0.5), "brand-c": ProjectShare(),
            ])
        #expect(try read(.coordinator, given: ["state": "s"]).projectShares.isEmpty)
    }

    @Test(
        "what is wrong of a project is told with its line",
        arguments: [
            ("{a: {weight: 0}}", "cluster.yaml:4: 'projects.a.weight' cannot be '0'. Mend: write a number from 0.001"),
            ("{a: {weight: -1}}", "'projects.a.weight' cannot be '-1'."),
            ("{a: {weight: inf}}", "'projects.a.weight' cannot be 'inf'."),
            ("{a: {slots_max: 1.5}}", "'projects.a.slots_max' cannot be '1.5'. Mend: write a whole number from 0 to"),
            ("{a: {bytes_max: much}}", "'projects.a.bytes_max' cannot be 'much'. Mend: write an amount such as 512M"),
            (
                "{a: {slot_max: 1}}",
                "cluster.yaml:4: unknown key 'coordinator.projects.a.slot_max'. Mend: write 'slots_max'."
            ),
            ("{a: {weight: [1]}}", "'coordinator.projects.a.weight' must be a text."),
            ("{a: 3}", "'coordinator.projects.a' must be a mapping of keys to values. Mend: use the keys bytes_max,"),
            ("{a b: {weight: 1}}", "cluster.yaml:4: 'a b' is no name. Mend: write letters, digits,"),
            (
                "[a]",
                "cluster.yaml:3: 'coordinator.projects' must be a mapping of names. Mend: write `projects: {NAME: {weight:"
            ),
            ("{a: {}, a: {}}", "the key 'a' stands twice in one mapping"),
        ])
    func wrongProjects(projects: String, expected: String) {
        // A worker that is set up from the same file tells of it too.
        for program in Program.allCases {
            let found = complaints(
                program, given: ["connect": "tcp://127.0.0.1:1"],
                file: "coordinator:\n  state: s\n  projects:\n    \(projects)\n")
            #expect(found.count == 1 && found[0].contains(expected), "\(found)")
        }
    }

    @Test("words are a list in a file, or one text")
    func words() throws {
        for tags in ["[gpu, zone=a]", "gpu,zone=a", "\n    - gpu\n    - zone=a"] {
            let file = "worker:\n  connect: tcp://127.0.0.1:1\n  tags: \(tags)\n"
            #expect(try read(.worker, file: file).words("tags") == ["gpu", "zone=a"])
        }
        let none = try read(.worker, given: ["connect": "tcp://127.0.0.1:1"])
        #expect(none.words("tags").isEmpty)
    }

    @Test("an address off loopback is taken with keys, or where plain text is asked for by its name")
    func protection() throws {
        for more in [["keys": "k"], ["allow_plaintext_off_loopback": "true"]] {
            #expect(
                complaints(.coordinator, given: ["state": "s", "bind": "tcp://0.0.0.0:1"].merging(more) { $1 }).isEmpty)
        }
        for more in [["tokens": "t"], ["allow_plaintext_off_loopback": "true"]] {
            #expect(complaints(.coordinator, given: ["state": "s", "http": "[::]:1"].merging(more) { $1 }).isEmpty)
        }
        #expect(complaints(.coordinator, given: ["state": "s", "http": "[::1]:1"]).isEmpty)
        for more in [["key": "k", "coordinator_key": "c"], ["allow_plaintext_off_loopback": "true"]] {
            #expect(complaints(.worker, given: ["connect": "tcp://10.0.0.1:1"].merging(more) { $1 }).isEmpty)
        }
    }

    @Test("the page in the documentation is the table that the reader uses")
    func page() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/tutti/Documentation.docc/Settings.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == SettingsPage.markdown, "make it anew: tutti reference --settings > Settings.md")
    }
}
