import Analysis
import ArgumentParser
import Cluster
import Fitting
import Foundation

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Grade the returns of worlds whose grade is known.",
        discussion: """
            Prints tables in Markdown; ends with 1 when fewer than 85 of 100 grades are right, or a figure is called
            prior-driven whose interval is under half the prior's. Deploy/evidence.sh writes it to Deploy/evidence/results.md.
            """)

    private static let rightMin = 0.85

    @Option(help: "Worlds of each kind.")
    var worlds = 50

    @Option(help: "The seed of the first world; the others have those that follow.")
    var seed: UInt64 = 1

    @Flag(help: "Print what each grade was given by, as CSV, and nothing else.")
    var figures = false

    /// What is kept of a world's fit.
    private struct Graded {
        var kind: EvidenceWorld.Kind
        var rows: [EvidenceRow]
        /// Of `sensitivity.csv`.
        var lines: Int
        var conflicts: Int

        var returns: [EvidenceRow] { rows.filter { $0.quantity.hasPrefix("roi[") } }
    }

    func run() throws {
        let kinds = EvidenceWorld.Kind.allCases
        let graded = try ProcessorMap().tryMap(kinds.count * worlds) { index -> Graded in
            let kind = kinds[index / worlds]
            let world = EvidenceWorld(kind, seed: seed + UInt64(index % worlds))
            let result = try SequentialFit.run(model: world.model, settings: FitSettings(world.model.specification))
            return Graded(
                kind: kind, rows: result.evidence, lines: result.sensitivity.count,
                conflicts: result.sensitivity.count { $0.diagnosis == .conflict })
        }
        guard !figures else { return printFigures(graded) }
        let right = printConfusion(graded)
        let wronglyPrior = graded.flatMap(\.rows).count { row in
            row.grade == .priorDriven && (row.figures.prior?.intervalShare ?? 1) < EvidenceLimits.halfInterval
        }
        let all = graded.flatMap(\.rows).count
        print("\n\(wronglyPrior) of \(all) figures are called prior-driven with an interval under half the prior's.")
        printConflicts(graded)
        guard right >= Self.rightMin, wronglyPrior == 0 else { throw ExitCode.failure }
    }

    /// Of the returns; the share that is right.
    private func printConfusion(_ graded: [Graded]) -> Double {
        let grades = EvidenceGrade.allCases
        print("| worlds | should be | \(grades.map(\.rawValue).joined(separator: " | ")) | right |")
        print("| --- | --- | \(grades.map { _ in "---: |" }.joined(separator: " ")) ---: |")
        var (right, all) = (0, 0)
        for kind in EvidenceWorld.Kind.allCases {
            let rows = graded.filter { $0.kind == kind }.flatMap(\.returns)
            let own = rows.count { $0.grade == kind.grade }
            let counts = grades.map { grade in "\(rows.count { $0.grade == grade })" }
            print(
                "| \(kind.rawValue) | \(kind.grade.rawValue) | \(counts.joined(separator: " | ")) "
                    + "| \(percent(own, rows.count)) |")
            right += own
            all += rows.count
        }
        print("\n\(right) of \(all) returns are graded right: \(percent(right, all)).")
        return Double(right) / Double(all)
    }

    private func printConflicts(_ graded: [Graded]) {
        print("\n| worlds | lines of sensitivity.csv | called a prior-data conflict |")
        print("| --- | ---: | ---: |")
        for kind in EvidenceWorld.Kind.allCases {
            let own = graded.filter { $0.kind == kind }
            let (lines, conflicts) = (own.map(\.lines).reduce(0, +), own.map(\.conflicts).reduce(0, +))
            print("| \(kind.rawValue) | \(lines) | \(percent(conflicts, lines)) |")
        }
    }

    private func percent(_ count: Int, _ all: Int) -> String {
        String(format: "%.1f %%", 100 * Double(count) / Double(max(1, all)))
    }

    private func printFigures(_ graded: [Graded]) {
        print("kind,quantity,grade,evidence_ratio,variance_share,interval_share,shift,residual_correlation,mismatch")
        for world in graded {
            for row in world.rows {
                let numbers = [
                    row.figures.evidenceRatio, row.figures.prior?.varianceShare, row.figures.prior?.intervalShare,
                    row.figures.prior?.shift, row.figures.residualCorrelation, row.figures.mismatchIndex,
                ]
                let fields = numbers.map { $0.map { String(format: "%.4f", $0) } ?? "" }
                print("\(world.kind.rawValue),\(row.quantity),\(row.grade.rawValue),\(fields.joined(separator: ","))")
            }
        }
    }
}
