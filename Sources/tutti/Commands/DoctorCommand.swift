import ArgumentParser
import Cluster
import Foundation
import ModelDefinition

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this program is and what bits it computes, and check that it works here.",
        usage: "tutti doctor [<options>]",
        discussion: """
            The fingerprint is a digest of what the numeric core computes here. It is the same on every machine of \
            one architecture and in every build of one version; a coordinator refuses workers that have another.

            Then a small model is fitted as `tutti fit` does it, through a coordinator and a worker process, in the folder \
            of temporary files. With --url, or where TUTTI_URL is set, that coordinator is asked too whether it takes work.

            Ends with 1 when a check fails.

              tutti doctor
              tutti doctor --url https://tutti.example
            """)

    @OptionGroup var remote: RemoteOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    /// What was looked at, and the mend where it is not as it has to be.
    private struct Check: Encodable {
        var name: String
        var finding: String
        var passed: Bool
    }

    private struct Report: Encodable {
        var version = Build.version
        var builtFor = Build.level
        var processor = Build.processorLevel
        var fingerprint = Build.kernelFingerprint.description
        var processors = ProcessInfo.processInfo.activeProcessorCount
        var memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        var checks: [Check]

        enum CodingKeys: String, CodingKey {
            case version, processor, fingerprint, processors, checks
            case builtFor = "built_for"
            case memory = "memory_bytes"
        }
    }

    func run() async throws {
        var checks = smallFit()
        if remote.url != nil || ProcessInfo.processInfo.environment["TUTTI_URL"] != nil {
            checks.append(await coordinator())
        }
        let report = Report(checks: checks)
        if json {
            try Output.printJSON(report)
        } else {
            let facts = [
                ("version", report.version), ("built for", report.builtFor), ("processor", report.processor),
                ("fingerprint", report.fingerprint), ("processors", "\(report.processors)"),
                ("memory", MemorySize.words(report.memory)),
            ]
            for (name, fact) in facts { print(pad(name, 13) + fact) }
            for check in checks { print("\(check.passed ? "✓" : "✗") " + pad(check.name, 11) + check.finding) }
        }
        guard checks.allSatisfy(\.passed) else { throw ExitCode(1) }
    }

    // MARK: Checks

    /// Of the folder of temporary files, and of a fit in it.
    private func smallFit() -> [Check] {
        let manager = FileManager.default
        let place = manager.temporaryDirectory
        let folder = place.appendingPathComponent("tutti-doctor-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: folder) }
        do {
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(SmallModel.text.utf8).write(to: folder.appendingPathComponent("model.yaml"))
            try Data(SmallModel.data.utf8).write(to: folder.appendingPathComponent("data.csv"))
        } catch {
            return [
                Check(
                    name: "temporary",
                    finding: "\(place.path) cannot be written: \(error.localizedDescription). Mend: "
                        + "name another folder in TMPDIR.", passed: false)
            ]
        }
        let free = (try? manager.attributesOfFileSystem(forPath: folder.path))?[.systemFreeSize] as? Int
        let temporary = Check(
            name: "temporary",
            finding: "\(place.path) can be written" + (free.map { ", \(MemorySize.words($0)) free" } ?? ""),
            passed: true)
        return [temporary, fit(in: folder)]
    }

    private func fit(in folder: URL) -> Check {
        let results = folder.appendingPathComponent("results")
        let complaints = folder.appendingPathComponent("complaints")
        _ = FileManager.default.createFile(atPath: complaints.path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ChildProcess.ownPath)
        process.arguments = [
            "fit", folder.appendingPathComponent("model.yaml").path, "--out", results.path, "--workers", "1",
            "--chains", "2", "--warmup", "200", "--draws", "200", "--quiet",
        ]
        let began = Monotonic.now()
        do {
            process.standardOutput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: complaints)
            try process.run()
        } catch {
            return Check(
                name: "fit", finding: "no process can be started: \(error.localizedDescription)", passed: false)
        }
        process.waitUntilExit()
        let code = process.terminationStatus
        let isWritten = FileManager.default.fileExists(atPath: results.appendingPathComponent("run.json").path)
        // 3 says that the few draws of this fit do not pass the gate.
        if process.terminationReason == .exit, code == 0 || code == 3, isWritten {
            let seconds = String(format: "%.1f", Monotonic.now() - began)
            return Check(
                name: "fit", finding: "a small model was fitted by a worker process in \(seconds) s", passed: true)
        }
        let text = (try? String(contentsOf: complaints, encoding: .utf8)) ?? ""
        let last = text.split(separator: "\n").last.map(String.init) ?? "it ended with \(code) and said nothing"
        return Check(name: "fit", finding: "a small model could not be fitted: \(last)", passed: false)
    }

    private func coordinator() async -> Check {
        do {
            let client = try remote.client
            let workers = try await client.workers().workers
            return Check(
                name: "coordinator",
                finding: "\(client.base) answers and has \(workers.count) worker\(workers.count == 1 ? "" : "s")",
                passed: true)
        } catch let error as UserError {
            return Check(name: "coordinator", finding: error.text, passed: false)
        } catch {
            return Check(name: "coordinator", finding: error.localizedDescription, passed: false)
        }
    }
}

/// What is fitted to see that fits work.
private enum SmallModel {
    static let text = """
        tutti: 1
        data: {sources: [{file: data.csv}], date: week}
        kpi: {column: revenue, currency: EUR}
        channels: [{name: media, spend: media}]

        """

    /// A year of weeks in which a unit of money brings back two.
    static var data: String {
        var lines = ["week,revenue,media"]
        guard let start = CalendarDate(year: 2024, month: 1, day: 1) else { return "" }
        for week in 0..<52 {
            let spend = 100 + 5 * ((week * 7) % 13)
            let revenue = 1000 + 2 * spend + (week * 31) % 17
            lines.append("\(start.advanced(by: 7 * week)),\(revenue),\(spend)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
