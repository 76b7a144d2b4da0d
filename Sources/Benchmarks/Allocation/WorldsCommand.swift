import Analysis
import ArgumentParser
import Cluster
import Foundation
import Kernels
import MarketingMix

struct WorldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worlds",
        abstract: "Split budgets in simulated worlds, and see what that gains in truth; and time a large one.",
        discussion: """
            Prints a page in Markdown; ends with 1 when budgets do not gain in the mean, some world loses more than 5 % of \
            what its media earn, fewer than 95 of 100 of those that start far gain, or the stated 90 % interval holds the true \
            gain in fewer than 85 or more than 95 of 100. Deploy/allocation.sh writes it to Deploy/allocation/results.md.
            """)

    @Option(help: "Worlds, every other one near its best plan.")
    var worlds = 100

    @Option(help: "The seed of all worlds.")
    var seed: UInt64 = 1

    @Flag(help: "Leave the large budget out.")
    var small = false

    func run() throws {
        let outcomes = try ProcessorMap().tryMap(worlds) { index in
            try BudgetOutcome(BudgetWorld(index: index, seed: seed), seed: seed + UInt64(index))
        }
        print(
            "| worlds | start | mean true gain | worst true gain | gain | within the stated 90 % | mean stated gain | mean gain on halves | hoped for by halves |"
        )
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for (name, own) in [
            ("near the best", outcomes.filter(\.isNear)), ("far from it", outcomes.filter { !$0.isNear }),
            ("all", outcomes),
        ] { print(row(name, own)) }
        let residual = outcomes.map(\.residual).max() ?? .nan
        print("\nThe largest residual of the conditions of a maximum is \(residual) of money per money.")
        if !small { try LargeBudget.run() }
        let far = outcomes.filter { !$0.isNear }
        let covered = share(outcomes, \.isCovered)
        let holds =
            mean(outcomes.map(\.gain)) > 0 && outcomes.allSatisfy { $0.gain > -0.05 * $0.earnings }
            && share(far) { $0.gain > 0 } >= 0.95 && (0.85...0.95).contains(covered) && residual < 1e-6
        guard holds else { throw ExitCode.failure }
    }

    private func row(_ name: String, _ outcomes: [BudgetOutcome]) -> String {
        let relative = outcomes.map { $0.gain / $0.earnings }
        func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
        func relativeMean(_ value: (BudgetOutcome) -> Double) -> String {
            percent(mean(outcomes.map { value($0) / $0.earnings }))
        }
        let cells = [
            "\(outcomes.count)", name, percent(mean(relative)), percent(relative.min() ?? .nan),
            percent(share(outcomes) { $0.gain > 0 }), percent(share(outcomes, \.isCovered)),
            relativeMean { $0.stated.mean }, relativeMean { $0.crossFitted.mean }, relativeMean { $0.hoped },
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    private func share(_ outcomes: [BudgetOutcome], _ holds: (BudgetOutcome) -> Bool) -> Double {
        Double(outcomes.count(where: holds)) / Double(max(1, outcomes.count))
    }
}
