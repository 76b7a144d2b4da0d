import ArgumentParser
import Coordination
import CoordinationSimulation
import Foundation

/// How well many workers are used: the production machines and codec on a simulated network and disk, with workers that
/// take as long over each task as a real one took.
struct ScalingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "Simulate 1 to 256 workers that replay recorded durations.",
        discussion: """
            Each worker has one slot. Messages take 0.1 to 1 ms and commits 0.3 to 3 ms. Efficiency is the work divided by
            workers times the time from submission to the end of the job, results put together.
            """)

    @Option(
        help: ArgumentHelp("Durations in seconds: a CSV file with the columns task and seconds.", valueName: "file"))
    var durations: String

    @Option(help: "How many resamples the large job has.")
    var resamples = 2000

    @Option(help: "How many chains the other job has.")
    var chains = 64

    @Option(help: ArgumentHelp("Draw the curves to this file, as SVG.", valueName: "file"))
    var picture: String?

    @Flag(help: "Print one JSON object a line: job, workers, seconds, efficiency.")
    var json = false

    func run() throws {
        let recorded = try recordedDurations()
        var curves: [(name: String, points: [ScalingPoint])] = []
        for (name, kind, count) in [
            ("\(resamples) resamples", "resample", resamples), ("\(chains) chains", "chain", chains),
        ] {
            guard let seconds = recorded[kind], !seconds.isEmpty else {
                throw ValidationError("\(durations) has no row of a \(kind)")
            }
            let tasks = (0..<count).map { seconds[$0 % seconds.count] }
            curves.append((name, (0...8).map { Self.simulate(tasks, workers: 1 << $0) }))
        }
        for (name, points) in curves {
            for point in points { print(json ? point.json(name) : point.line(name)) }
        }
        if let picture {
            try ScalingPicture(curves: curves).svg.write(toFile: picture, atomically: true, encoding: .utf8)
        }
    }

    private func recordedDurations() throws -> [String: [Double]] {
        var result: [String: [Double]] = [:]
        for line in try String(contentsOfFile: durations, encoding: .utf8).split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",")
            guard cells.count == 2, let seconds = Double(cells[1]), seconds > 0 else {
                throw ValidationError("\(durations): '\(line)' is not a task and its seconds")
            }
            result[String(cells[0]), default: []].append(seconds)
        }
        return result
    }

    private static func simulate(_ seconds: [Double], workers: Int) -> ScalingPoint {
        let iterations = 20
        let tasks = seconds.enumerated().map { index, seconds in
            Scenario.Task(
                key: UInt64(index + 1), iterations: iterations, warmUp: iterations / 2, stateByteCount: 4000,
                pace: Nanoseconds(seconds * 1e9) / Nanoseconds(iterations))
        }
        let start: Nanoseconds = 2_000_000_000
        var scenario = Scenario(
            workers: Array(repeating: 1, count: workers),
            jobs: [Scenario.Job(name: "replay", submittedAt: start, tasks: tasks)])
        scenario.delay = 100_000...1_000_000
        scenario.commit = 300_000...3_000_000
        var simulation = Simulation(scenario, recounts: false)
        let report = simulation.run()
        precondition(report.violation == nil, "the simulated cluster broke a rule: \(report.violation ?? "")")
        let wall = Double(report.ends[0]! - start) / 1e9
        return ScalingPoint(
            workers: workers, seconds: wall, efficiency: seconds.reduce(0, +) / (Double(workers) * wall))
    }
}

struct ScalingPoint {
    var workers: Int
    var seconds: Double
    var efficiency: Double

    func line(_ job: String) -> String {
        String(format: "%@, %3d workers: %9.2f s, efficiency %5.1f %%", job, workers, seconds, 100 * efficiency)
    }

    func json(_ job: String) -> String {
        String(
            format: "{\"job\":\"%@\",\"workers\":%d,\"seconds\":%.3f,\"efficiency\":%.4f}", job, workers, seconds,
            efficiency)
    }
}

/// Efficiency over workers, on a logarithmic axis of workers.
struct ScalingPicture {
    var curves: [(name: String, points: [ScalingPoint])]

    private let left = 60.0
    private let top = 20.0
    private let width = 560.0
    private let height = 260.0
    private let colours = ["#1f5f8b", "#b5541c"]

    var svg: String {
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 340\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"760\" height=\"340\" fill=\"white\"/>",
        ]
        for percent in stride(from: 0, through: 100, by: 25) {
            let y = place(0, Double(percent) / 100).y
            lines.append("<path d=\"M\(left) \(y)h\(width)\" stroke=\"#ddd\"/>")
            lines.append("<text x=\"\(left - 8)\" y=\"\(y + 4)\" text-anchor=\"end\">\(percent) %</text>")
        }
        for power in 0...8 {
            let x = place(Double(power), 0).x
            lines.append("<text x=\"\(x)\" y=\"\(top + height + 18)\" text-anchor=\"middle\">\(1 << power)</text>")
        }
        lines.append(
            "<text x=\"\(left + width / 2)\" y=\"\(top + height + 40)\" text-anchor=\"middle\">workers of one slot</text>"
        )
        for (index, curve) in curves.enumerated() {
            let colour = colours[index % colours.count]
            let places = curve.points.map { place(log2(Double($0.workers)), $0.efficiency) }
            let path = places.map { "\(format($0.x)) \(format($0.y))" }.joined(separator: "L")
            lines.append("<path d=\"M\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>")
            for place in places {
                lines.append("<circle cx=\"\(format(place.x))\" cy=\"\(format(place.y))\" r=\"3\" fill=\"\(colour)\"/>")
            }
            if let last = places.last {
                lines.append(
                    "<text x=\"\(format(last.x + 8))\" y=\"\(format(last.y + 4))\" fill=\"\(colour)\">\(curve.name)</text>"
                )
            }
        }
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private func place(_ power: Double, _ efficiency: Double) -> (x: Double, y: Double) {
        (left + width * power / 8, top + height * (1 - efficiency))
    }

    private func format(_ value: Double) -> String { String(format: "%.1f", value) }
}
