// swift-tools-version: 6.2
import PackageDescription

let warnings: [SwiftSetting] =
    Context.environment["TUTTI_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// A module of ours; who may import what is held by ArchitectureTests.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], linkerSettings: [LinkerSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: warnings, linkerSettings: linkerSettings)
}

/// Compiled without optimisation, in half the time, unless they compute much themselves; what they test is always
/// optimised.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil, areNumeric: Bool = false
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: warnings + (areNumeric ? [] : [.unsafeFlags(["-Onone"])]))
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
// The server alone: the router knows neither which methods a path has nor what a query may hold.
let httpServer: [Target.Dependency] = [
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "tutti",
    products: [
        .executable(name: "tutti", targets: ["tutti"]),
        .library(name: "Kernels", targets: ["Kernels"]),
        .library(name: "Densities", targets: ["Densities"]),
        .library(name: "Posterior", targets: ["Posterior"]),
        .library(name: "Sampling", targets: ["Sampling"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // Two traits of the next would be on, whose order may change from build to build and have it compiled anew (0029).
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Numbers, pure: no Foundation, no input or output, no clock, no threads.
        // Roots and rounding may be calls of the C library's, which a program without Foundation would not be linked with.
        module("Kernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        module("Wording"),
        module("Densities", ["Kernels"]),
        module("Posterior", ["Kernels", "Wording"]),
        module("Recalibration", ["ModelDefinition", "Posterior", "Kernels", "Wording"]),
        module("Sampling", ["Densities", "Kernels"]),
        module("ModelDefinition", ["Densities", "Kernels", "Wording"]),
        module("MarketingMix", ["ModelDefinition", "Densities", "Kernels"]),
        module("Battery", ["ModelDefinition", "MarketingMix", "Sampling", "Densities", "Kernels"]),
        module("Allocation", ["Kernels"]),
        module(
            "Analysis",
            ["Allocation", "ModelDefinition", "MarketingMix", "Posterior", "Densities", "Kernels", "Wording"]),
        module(
            "Fitting",
            [
                "ModelDefinition", "MarketingMix", "Allocation", "Analysis", "Sampling", "Posterior", "Densities",
                "Kernels", "Wording",
            ]),

        // Protocol, pure.
        .target(name: "Wire", dependencies: [protobuf], exclude: ["messages.proto"], swiftSettings: warnings),
        module("Coordination", ["Wire"]),
        module("CoordinationSimulation", ["Coordination", "Wire", "Kernels"]),

        // Edges: one outside thing each.
        .target(name: "CLinux"),
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(name: "CNetCDF", providers: [.apt(["libnetcdf-dev"])]),
        .systemLibrary(name: "CSeparatedValues", providers: [.apt(["libcsv-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CXLSXWriter", providers: [.apt(["libxlsxwriter-dev"])]),
        module("ZeroMQ", ["CZeroMQ", "CLinux"]),
        module("Storage", ["Wire", "Coordination", "CLinux", "COpenSSL", grdb]),
        .target(
            name: "ModelFile",
            dependencies: [
                "ModelDefinition", "Recalibration", "Densities", "Kernels", "Wording", "CSeparatedValues",
                "CPostgreSQL", grdb, yams,
            ],
            exclude: ["Holidays/LICENSE"], swiftSettings: warnings),
        module(
            "ModelChecks",
            ["ModelFile", "Analysis", "ModelDefinition", "MarketingMix", "Densities", "Kernels", "Wording"]),
        module(
            "Results", ["Fitting", "Analysis", "Posterior", "MarketingMix", "ModelDefinition", "CNetCDF"]),
        module("JSON"),
        module("Traces", ["JSON", tracing]),
        module("PrometheusMetrics", [metrics]),
        module("Assistant", ["JSON", "ModelFile", "Results"]),
        module(
            "Report",
            [
                "Fitting", "Analysis", "Posterior", "Recalibration", "MarketingMix", "ModelDefinition", "Wording",
                mustache,
            ]),
        module("Workbook", ["Report", "CXLSXWriter"]),

        // Runtime.
        .target(
            name: "Cluster",
            dependencies: [
                "Battery", "Coordination", "Wire", "ZeroMQ", "Storage", "Fitting", "ModelDefinition", "MarketingMix",
                "Analysis",
                "Allocation", "Posterior", "Recalibration", "ModelFile", "ModelChecks", "Results", "Report", "Kernels",
                "Wording", "CLinux", "Traces",
                logging, metrics, protobuf, tracing,
            ],
            exclude: ["Payload/payload.proto"], swiftSettings: warnings),
        module(
            "ControlAPI",
            [
                "Cluster", "Coordination", "JSON", "PrometheusMetrics", "Recalibration", logging, metrics, tracing,
            ] + httpServer),
        .executableTarget(
            name: "tutti",
            dependencies: [
                "Assistant", "Cluster", "ControlAPI", "Coordination", "Fitting", "JSON", "ModelDefinition",
                "MarketingMix", "ModelFile", "ModelChecks", "Allocation", "Analysis", "Kernels", "Posterior",
                "Recalibration", "Report", "Results", "Storage", "Traces", "Wording", "Workbook", argumentParser,
                logging,
                metrics, tracing,
            ],
            swiftSettings: warnings),

        // Benchmarks: ours against C, the plainly written model with all that this machine has; and the coordinator
        // against the sockets and the disk that it stands on.
        .target(name: "CBenchmarks"),
        .target(name: "CPlainModel", cSettings: [.unsafeFlags(["-O3", "-march=native"])]),
        .executableTarget(
            name: "tutti-benchmarks",
            dependencies: [
                "CBenchmarks", "CPlainModel", "Allocation", "Analysis", "Fitting", "ModelDefinition", "MarketingMix",
                "ModelFile",
                "ModelChecks", "Sampling", "Posterior", "Densities", "Kernels", "Cluster", "Coordination",
                "CoordinationSimulation", "Storage", "Wire", "ZeroMQ", argumentParser, logging,
            ],
            path: "Sources/Benchmarks", swiftSettings: warnings),
        .executableTarget(
            name: "tutti-fingerprint", dependencies: ["Battery"], path: "Sources/Fingerprint", swiftSettings: warnings),

        // Tests.
        tests("KernelsTests", ["Kernels"], resources: [.copy("Resources")], areNumeric: true),
        tests("WordingTests", ["Wording"]),
        tests("DensitiesTests", ["Densities", "Kernels"], resources: [.copy("Resources")], areNumeric: true),
        tests(
            "PosteriorTests", ["Posterior", "Kernels", "Wording"], resources: [.copy("Resources")], areNumeric: true),
        tests("RecalibrationTests", ["Recalibration", "Posterior", "Kernels", "Wording"], areNumeric: true),
        tests(
            "SamplingTests", ["Sampling", "Densities", "Kernels"], resources: [.copy("Resources")], areNumeric: true),
        tests(
            "MarketingMixTests", ["Analysis", "ModelDefinition", "MarketingMix", "Densities", "Kernels"],
            resources: [.copy("Resources")], areNumeric: true),
        tests("BatteryTests", ["Battery", "ModelDefinition", "MarketingMix"], areNumeric: true),
        tests("AllocationTests", ["Allocation", "Kernels"], areNumeric: true),
        tests(
            "AnalysisTests",
            ["Analysis", "Allocation", "ModelDefinition", "MarketingMix", "Posterior", "Densities", "Kernels"],
            areNumeric: true),
        tests(
            "FittingTests", ["Fitting", "ModelDefinition", "MarketingMix", "Posterior", "Densities", "Kernels"],
            resources: [.copy("Resources")], areNumeric: true),
        tests(
            "ModelFileTests",
            ["ModelFile", "ModelChecks", "ModelDefinition", "MarketingMix", "Densities", "Kernels", grdb, yams],
            resources: [.copy("Resources")]),
        tests("ModelChecksTests", ["ModelChecks", "ModelFile", "ModelDefinition", "Densities", "Kernels"]),
        tests("WireTests", ["Wire", "Kernels"]),
        tests("CoordinationTests", ["Coordination", "Wire", "Kernels"]),
        tests("CoordinationSimulationTests", ["CoordinationSimulation"], areNumeric: true),
        tests(
            "ResultsTests",
            [
                "Results", "Fitting", "Analysis", "Posterior", "ModelDefinition", "MarketingMix", "Densities",
                "Kernels", "CNetCDF",
            ],
            resources: [.copy("Resources")]),
        tests(
            "ReportTests",
            [
                "Report", "Analysis", "Recalibration", "ModelDefinition", "MarketingMix", "Posterior", "Densities",
                "Kernels", "Wording",
            ]),
        tests("CLinuxTests", ["CLinux"]),
        tests("PrometheusMetricsTests", ["PrometheusMetrics", metrics]),
        tests("TracesTests", ["Traces", "JSON", tracing]),
        tests("ZeroMQTests", ["ZeroMQ"]),
        tests("StorageTests", ["Storage", "Coordination", "Wire", grdb]),
        tests(
            "ClusterTests",
            [
                "Cluster", "tutti", "Coordination", "Storage", "ZeroMQ", "Fitting", "ModelDefinition", "MarketingMix",
                "ModelFile", "Recalibration", "Report", "Wire", "Traces", "JSON",
                logging,
            ]),
        tests(
            "ControlAPITests",
            ["ControlAPI", "Cluster", "Coordination", "Storage", "Wire", "Traces", logging, tracing] + httpServer),
        tests("AssistantTests", ["Assistant", "JSON", "Results"]),
        tests("ArchitectureTests", []),
        tests(
            "AcceptanceTests",
            [
                "tutti", "Battery", "Coordination", "Storage", "Fitting", "JSON", "ModelDefinition", "MarketingMix",
                "ModelFile", "Wire",
                "ZeroMQ", "Cluster", "Results", "CLinux", grdb, logging, yams,
            ],
            resources: [.copy("Resources")]),
    ],
    swiftLanguageModes: [.v6]
)
