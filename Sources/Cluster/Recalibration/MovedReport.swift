import Foundation
import ModelDefinition
import Posterior
import Recalibration
import Report

/// What moved between the accepted result and a night's, and why: `moved.json`, `moved.csv`.
package struct MovedReport: Codable, Sendable {
    package struct Part: Codable, Sendable {
        /// In the quantity's unit.
        package var change: Double
        package var error: Double
    }

    package struct Week: Codable, Sendable {
        package var week: String
        package var kind: String
        package var change: Double
        package var error: Double
    }

    package struct Row: Codable, Sendable {
        package var quantity: String
        package var oldMean: Double
        package var newMean: Double
        /// Of the accepted result.
        package var oldSD: Double
        package var change: Double
        package var newWeeks: Part
        package var restatedHistory: Part
        package var changedModel: Part
        package var monteCarloError: Part
        /// `complete`, `restated_history_only` or `none`: which causes could be told apart.
        package var separation: String
        package var isUnexplained: Bool
        /// Those that moved it most, the largest first.
        package var weeks: [Week]

        enum CodingKeys: String, CodingKey {
            case quantity, change, separation, weeks
            case oldMean = "old_mean"
            case newMean = "new_mean"
            case oldSD = "old_sd"
            case newWeeks = "new_weeks"
            case restatedHistory = "restated_history"
            case changedModel = "changed_model"
            case monteCarloError = "monte_carlo_error"
            case isUnexplained = "unexplained"
        }

        /// The parts in the order of the table.
        package var parts: [(cause: Movement.Cause, part: Part)] {
            [
                (.newWeeks, newWeeks), (.restatedHistory, restatedHistory), (.changedModel, changedModel),
                (.monteCarloError, monteCarloError),
            ]
        }
    }

    package var rows: [Row]

    /// Weeks that are named of each quantity.
    private static let weeksMax = 3

    init(_ comparison: NightComparison, modelChanged: Bool) {
        rows = comparison.movements(modelChanged: modelChanged).map { movement, weeks in
            func part(_ part: Movement.Part) -> Part { Part(change: part.change, error: part.error) }
            return Row(
                quantity: movement.quantity, oldMean: movement.oldMean, newMean: movement.newMean,
                oldSD: movement.oldSD, change: movement.total.change, newWeeks: part(movement.newWeeks),
                restatedHistory: part(movement.restatedHistory), changedModel: part(movement.changedModel),
                monteCarloError: part(movement.monteCarloError), separation: movement.separation.rawValue,
                isUnexplained: movement.isUnexplained,
                weeks: weeks.prefix(Self.weeksMax).map {
                    Week(week: $0.week, kind: $0.kind.rawValue, change: $0.change, error: $0.error)
                })
        }
    }

    package static func read(_ path: String) -> MovedReport? {
        FileManager.default.contents(atPath: path).flatMap { try? decoder.decode(MovedReport.self, from: $0) }
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return decoder
    }

    /// For pages.
    /// - Parameter basis: the accepted result it is compared with.
    func section(since basis: String) -> MovedSection {
        MovedSection(
            basis: basis,
            moves: rows.map { row in
                MovedSection.Move(
                    quantity: row.quantity, oldMean: row.oldMean, newMean: row.newMean, oldSD: row.oldSD,
                    parts: row.parts.map { ($0.cause, $0.part.change) },
                    weeks: row.weeks.map { ($0.week, $0.kind == WeekInfluence.Kind.restated.rawValue) },
                    isUnexplained: row.isUnexplained)
            })
    }

    var csv: [UInt8] {
        let header =
            "quantity,old_mean,new_mean,old_sd,change,new_weeks,restated_history,changed_model,"
            + "monte_carlo_error,separation,unexplained,first_week"
        let lines = rows.map { row in
            let numbers = [row.oldMean, row.newMean, row.oldSD, row.change] + row.parts.map(\.part.change)
            return
                ([row.quantity] + numbers.map { "\($0)" }
                + [row.separation, row.isUnexplained ? "true" : "false", row.weeks.first?.week ?? ""])
                .joined(separator: ",")
        }
        return Array(([header] + lines).joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
    }
}

extension NightComparison {
    /// Of each channel's contribution and return: what moved it, and by how much each week did.
    fileprivate func movements(modelChanged: Bool) -> [(Movement, [WeekInfluence])] {
        let restatedWeights = evidence.flatMap { evidence in
            change.restatements.isEmpty
                ? nil : ProvisionalPosterior(newRows: evidence.restated.logRatios, chainCount: accepted.chainCount)
        }
        let weeks = influential
        return oldQuantities.filter { $0.name.hasPrefix("contribution[") || $0.name.hasPrefix("roi[") }.compactMap {
            name, draws in
            guard let new = newQuantities.first(where: { $0.name == name }) else { return nil }
            var restated: WeightedStation?
            var updated: WeightedStation?
            var influences: [WeekInfluence] = []
            if let evidence, let provisional {
                if let restatedWeights, let place = evidence.restated.names.firstIndex(of: name) {
                    restated = WeightedStation(evidence.restated.quantities[place], after: restatedWeights)
                }
                if let place = evidence.current.names.firstIndex(of: name) {
                    let current = evidence.current.quantities[place]
                    if !change.newDates.isEmpty { updated = WeightedStation(current, after: provisional) }
                    influences = WeekInfluence.ranked(of: current, weeks: weeks, after: provisional)
                }
            }
            let movement = Movement(
                quantity: name, old: WeightedDraws(draws, chainCount: accepted.chainCount), restated: restated,
                updated: updated, new: WeightedDraws(new.draws, chainCount: self.new.chainCount),
                modelChanged: modelChanged || evidence == nil)
            return (movement, influences)
        }
    }

    /// The weeks that are new or were restated, with what they say of each accepted draw.
    private var influential: [WeekInfluence.Week] {
        guard let evidence else { return [] }
        let dates = evidence.current.model.dataset.dates
        let (added, restated) = (Set(change.newDates), Set(change.restatements.map(\.date)))
        return dates.indices.compactMap { period in
            let date = dates[period]
            guard added.contains(date) || restated.contains(date) else { return nil }
            return WeekInfluence.Week(
                name: date.description, kind: added.contains(date) ? .new : .restated,
                logRatios: evidence.periodLogRatios[period])
        }
    }
}
