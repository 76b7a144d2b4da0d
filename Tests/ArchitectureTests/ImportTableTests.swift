import Foundation
import Testing

/// The package's own folder: this file lies in Tests/ArchitectureTests.
let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// What each module may import, from the ground up. A module that is not here does not exist.
private let importTable: [(module: String, imports: Set<String>)] = [
    // Numbers, pure.
    ("Kernels", []),
    ("Wording", []),
    ("Densities", ["Kernels"]),
    ("Posterior", ["Kernels", "Wording"]),
    ("Sampling", ["Densities", "Kernels"]),
    ("ModelDefinition", ["Densities", "Kernels", "Wording"]),
    ("Recalibration", ["ModelDefinition", "Posterior", "Kernels", "Wording"]),
    ("MarketingMix", ["ModelDefinition", "Densities", "Kernels"]),
    ("Battery", ["ModelDefinition", "MarketingMix", "Sampling", "Densities", "Kernels"]),
    ("Allocation", ["Kernels"]),
    ("Analysis", ["Allocation", "ModelDefinition", "MarketingMix", "Posterior", "Densities", "Kernels", "Wording"]),
    (
        "Fitting",
        [
            "ModelDefinition", "MarketingMix", "Allocation", "Analysis", "Sampling", "Posterior", "Densities",
            "Kernels",
            "Wording",
        ]
    ),
    // Protocol, pure.
    ("Wire", ["SwiftProtobuf"]),
    ("Coordination", ["Wire"]),
    ("CoordinationSimulation", ["Coordination", "Wire", "Kernels"]),
    // Edges.
    ("CLinux", []),
    ("CZeroMQ", []),
    ("CNetCDF", []),
    ("CSeparatedValues", []),
    ("CPostgreSQL", []),
    ("COpenSSL", []),
    ("CXLSXWriter", []),
    ("ZeroMQ", ["CZeroMQ", "CLinux", "Glibc"]),
    ("Storage", ["Wire", "Coordination", "CLinux", "COpenSSL", "GRDB", "Foundation", "Glibc", "Synchronization"]),
    (
        "ModelFile",
        [
            "ModelDefinition", "Recalibration", "Densities", "Kernels", "Wording", "CSeparatedValues", "CPostgreSQL",
            "GRDB", "Yams", "Foundation",
        ]
    ),
    ("ModelChecks", ["ModelFile", "Analysis", "ModelDefinition", "MarketingMix", "Densities", "Kernels", "Wording"]),
    (
        "Results",
        [
            "Fitting", "Analysis", "Posterior", "MarketingMix", "ModelDefinition", "CNetCDF", "Foundation",
            "Glibc",
            "Synchronization",
        ]
    ),
    ("JSON", ["Foundation"]),
    ("PrometheusMetrics", ["CoreMetrics", "Synchronization"]),
    ("Traces", ["JSON", "Tracing", "Foundation", "Glibc", "Synchronization"]),
    ("Assistant", ["JSON", "ModelFile", "Results"]),
    (
        "Report",
        [
            "Fitting", "Analysis", "Posterior", "Recalibration", "MarketingMix", "ModelDefinition", "Wording",
            "Mustache", "Foundation",
        ]
    ),
    ("Workbook", ["Report", "CXLSXWriter"]),
    // Runtime.
    (
        "Cluster",
        [
            "Battery", "Coordination", "Wire", "ZeroMQ", "Storage", "Fitting", "ModelDefinition", "MarketingMix",
            "Analysis",
            "Allocation", "Posterior", "Recalibration", "ModelFile", "ModelChecks", "Results", "Report", "Kernels",
            "Wording", "CLinux", "Traces", "Tracing", "CoreMetrics", "Logging", "Foundation", "Glibc", "SwiftProtobuf",
            "Synchronization",
        ]
    ),
    (
        "ControlAPI",
        [
            "Cluster", "Coordination", "JSON", "Recalibration", "HTTPTypes", "HummingbirdCore", "NIOCore",
            "NIOFoundationEssentialsCompat", "NIOPosix", "ServiceLifecycle", "Logging", "CoreMetrics",
            "PrometheusMetrics", "Tracing", "Foundation",
            "Synchronization",
        ]
    ),
    (
        "tutti",
        [
            "Assistant", "Cluster", "ControlAPI", "Coordination", "Fitting", "JSON", "ModelDefinition", "MarketingMix",
            "ModelFile", "ModelChecks", "Allocation", "Analysis", "Kernels", "Posterior", "Recalibration",
            "Report", "Results", "Storage", "Traces", "Wording", "Workbook", "ArgumentParser", "Logging", "Tracing",
            "CoreMetrics", "Foundation", "FoundationNetworking",
        ]
    ),
    // Benchmarks.
    ("CBenchmarks", []),
    ("CPlainModel", []),
    (
        "Benchmarks",
        [
            "CBenchmarks", "CPlainModel", "Allocation", "Analysis", "Coordination", "CoordinationSimulation", "Fitting",
            "ModelDefinition",
            "MarketingMix", "ModelFile",
            "ModelChecks", "Analysis", "Sampling",
            "Posterior",
            "Densities", "Kernels", "Cluster", "Coordination", "Storage", "Wire", "ZeroMQ", "ArgumentParser",
            "Logging", "Dispatch", "Foundation", "Glibc", "Synchronization",
        ]
    ),
    ("Fingerprint", ["Battery"]),
]

/// Modules that see no outside world at all.
private let pureModules: Set<String> = [
    "Kernels", "Wording", "Densities", "Posterior", "Recalibration", "Sampling", "ModelDefinition", "MarketingMix",
    "Battery", "Allocation", "Analysis", "Fitting", "Wire", "Coordination", "CoordinationSimulation",
]

private struct ImportLine {
    var module: String
    var file: String
    var imported: String
}

private func importLines() throws -> [ImportLine] {
    let sources = packageFolder.appendingPathComponent("Sources")
    let pattern = try Regex(
        #"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?(\w+)"#,
        as: (Substring, Substring).self)
    var lines: [ImportLine] = []
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    for case let path as String in files where path.hasSuffix(".swift") {
        // Generated code imports what its generator wants.
        if path.hasSuffix(".pb.swift") { continue }
        let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
        for line in text.split(separator: "\n") {
            guard let match = try pattern.prefixMatch(in: line) else { continue }
            lines.append(
                ImportLine(
                    module: String(path.prefix { $0 != "/" }), file: path, imported: String(match.output.1)))
        }
    }
    return lines
}

@Test("every import under Sources stands in the import table")
func importsStandInTheTable() throws {
    let table = Dictionary(uniqueKeysWithValues: importTable.map { ($0.module, $0.imports) })
    let lines = try importLines()
    #expect(lines.count > 50)
    for line in lines {
        let allowed = try #require(table[line.module], "the module \(line.module) is not in the table")
        #expect(allowed.contains(line.imported), "\(line.file) imports \(line.imported)")
    }
}

@Test("the folders under Sources are the modules of the table")
func foldersAreModules() throws {
    let folders = try FileManager.default.contentsOfDirectory(
        atPath: packageFolder.appendingPathComponent("Sources").path)
    #expect(Set(folders) == Set(importTable.map(\.module)))
}

@Test("imports point one way: a module imports only modules above it in the table")
func importsPointOneWay() {
    var earlier: Set<String> = []
    let modules = Set(importTable.map(\.module))
    for row in importTable {
        let own = row.imports.intersection(modules)
        #expect(own.isSubset(of: earlier), "\(row.module) imports \(own.subtracting(earlier))")
        earlier.insert(row.module)
    }
}

@Test("pure modules import neither Foundation nor the C library")
func pureModulesStayPure() {
    for row in importTable where pureModules.contains(row.module) {
        let outside = row.imports.subtracting(pureModules).subtracting(["SwiftProtobuf"])
        #expect(outside.isEmpty, "\(row.module) may import \(outside)")
    }
}

@Test("every allowed import is used")
func tableHasNoIdleEntries() throws {
    let used = Dictionary(grouping: try importLines(), by: \.module).mapValues { Set($0.map(\.imported)) }
    for row in importTable {
        let idle = row.imports.subtracting(used[row.module] ?? [])
        #expect(idle.isEmpty, "\(row.module) does not import \(idle.sorted())")
    }
}

@Test("the top level holds what it should and nothing else")
func topLevelIsTidy() throws {
    let allowed: Set = [
        "Package.swift", "README.md", "Sources", "Tests", "Deploy", "Configs", "LICENSE", "CHANGELOG.md",
    ]
    let ignored: Set = ["results"]
    let names = try FileManager.default.contentsOfDirectory(atPath: packageFolder.path)
        .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(Set(names).subtracting(ignored).isSubset(of: allowed))
}
