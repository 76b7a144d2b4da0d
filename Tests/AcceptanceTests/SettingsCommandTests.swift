import Cluster
import Foundation
import Glibc
import Testing

/// `--check` of coordinator and worker, and the settings that they start with.
@Suite("settings of the programs")
struct SettingsCommandTests {
    private let place: Workplace
    /// Values that can be used, and are no defaults.
    private let samples: [Program: [String: String]]

    init() throws {
        place = try Workplace()
        for name in ["coordinator", "worker-1"] {
            _ = try TuttiProcess.run(["keys", "new", name, "--folder", place.path("keys")])
        }
        _ = try TuttiProcess.run(["tokens", "new", "root", "--role", "operator", "--folder", place.path("tokens")])
        samples = [
            .coordinator: [
                "state": place.path("state"), "bind": "tcp://127.0.0.1:6001", "keys": place.path("keys"),
                "allow_plaintext_off_loopback": "true", "http": "127.0.0.1:7001", "tokens": place.path("tokens"),
                "keep_days": "30", "keep_bytes": "500G", "projects": "{a: {weight: 2}}", "lease": "31",
                "checkpoint_interval": "0.5", "nights": place.path("nights"), "log_json": "true",
                "traces": place.path("coordinator.jsonl"),
            ],
            .worker: [
                "connect": "tcp://127.0.0.1:6001", "slots": "3", "key": place.path("keys/worker-1.secret"),
                "coordinator_key": place.path("keys/coordinator.public"), "allow_plaintext_off_loopback": "true",
                "tags": "zone=a,gpu", "memory_per_slot": "4G", "walltime": "2h", "lifetime": "1d", "drain_limit": "90s",
                "exit_when_idle": "true", "spool": place.path("spool"), "spool_limit": "2G",
                "cache": place.path("cache"),
                "cache_limit": "3G", "orphan_limit": "1h30m",
                "stall_limit": "88", "log_json": "true", "traces": place.path("worker.jsonl"),
            ],
        ]
    }

    /// The table of `--check`: value and source by key.
    private func rows(_ outcome: TuttiProcess.Outcome) -> [String: (value: String, source: String)] {
        #expect(outcome.code == 0, "\(outcome.complaints)")
        var rows: [String: (String, String)] = [:]
        for line in outcome.output.split(separator: "\n").dropFirst(2) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2 else { continue }
            rows[words[0]] = (words[1], words[words.count - 1])
        }
        return rows
    }

    @Test("every setting is taken from its option, its variable and the file", arguments: Program.allCases)
    func sources(program: Program) throws {
        let values = try #require(samples[program])
        let all = Settings.all(of: program)
        #expect(Set(values.keys) == Set(all.map(\.key)), "a sample for every setting")
        var options: [String] = []
        var environment: [String: String] = [:]
        var lines = ["\(program.rawValue):"]
        for setting in all {
            let value = try #require(values[setting.key])
            if setting.hasOption { options += setting.domain == .flag ? [setting.option] : [setting.option, value] }
            environment[setting.environment] = value
            lines.append("  \(setting.key): \(value)")
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "cluster.yaml")
        let byOption = try rows(TuttiProcess.run([program.rawValue, "--check"] + options))
        let byVariable = try rows(TuttiProcess.run([program.rawValue, "--check"], environment: environment))
        let byFile = try rows(
            TuttiProcess.run([program.rawValue, "--check", "--config", place.path("cluster.yaml")]))
        for (index, setting) in all.enumerated() {
            guard setting.hasOption else {
                #expect(byFile[setting.key]?.value == "a(weight=2)")
                continue
            }
            #expect(byOption[setting.key]?.value == values[setting.key], "\(setting.key)")
            #expect(byOption[setting.key]?.source == setting.option)
            #expect(byVariable[setting.key]?.value == values[setting.key], "\(setting.key)")
            #expect(byVariable[setting.key]?.source == setting.environment)
            #expect(byFile[setting.key]?.value == values[setting.key], "\(setting.key)")
            #expect(byFile[setting.key]?.source == "\(place.path("cluster.yaml")):\(index + 2)")
        }
        #expect(!FileManager.default.fileExists(atPath: place.path("state")), "nothing is started")
    }

    @Test("what is wrong ends with 2 and every mend, checked or started")
    func refusals() throws {
        try place.write("coordinator:\n  leese: 3\n  checkpoint_interval: 0\n", to: "cluster.yaml")
        for more in [["--check"], []] {
            let outcome = try TuttiProcess.run(
                ["coordinator", "--state", place.path("state")] + more,
                environment: [SettingsReader.fileVariable: place.path("cluster.yaml")])
            #expect(outcome.code == 2)
            #expect(
                outcome.complaints.contains("cluster.yaml:2: unknown key 'coordinator.leese'. Mend: write 'lease'."))
        }
        let keys = try TuttiProcess.run(
            ["worker", "--connect", "tcp://127.0.0.1:1", "--check", "--key", place.path("none"), "--coordinator-key"]
                + [place.path("keys/coordinator.public")])
        #expect(keys.code == 2)
        #expect(keys.complaints.contains("none: "))
    }

    @Test("a coordinator and a worker start from one file, and the workers of a fit read none")
    func started() throws {
        try place.write(
            """
            coordinator:
              state: \(place.path("state"))
              bind: tcp://127.0.0.1:*
              http: 127.0.0.1:0
            worker:
              connect: tcp://127.0.0.1:1
              slots: 3
            """, to: "cluster.yaml")
        let environment = [SettingsReader.fileVariable: place.path("cluster.yaml")]
        let coordinator = try TuttiProcess(["coordinator"], environment: environment)
        let broker = try DocumentationTests.addresses(of: coordinator).broker
        let worker = try TuttiProcess(["worker", "--connect", broker], environment: environment)
        #expect(coordinator.waitForComplaint { $0.contains("worker joined") && $0.contains("slots=3") })
        for process in [worker, coordinator] {
            process.send(SIGTERM)
            #expect(process.wait().code == 0)
        }
        let fit = try TuttiProcess.run(
            ["fit", Workplace.model("mmm_example"), "--out", place.path("out"), "--quiet", "--chains", "1"]
                + ["--warmup", "50", "--draws", "50"],
            environment: ["TUTTI_CONFIG": "/nowhere", "TUTTI_SLOTS": "none", "TUTTI_KEY": "/nowhere"])
        #expect([0, 3].contains(fit.code), "\(fit.complaints)")
    }
}
