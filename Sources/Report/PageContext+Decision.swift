import Analysis
import Posterior

extension PageContext {
    func decisionValues(_ charts: Charts) -> [String: Any] {
        let decision = content.decision
        let beyond = decision?.rows.filter(\.extrapolates).map(\.channel) ?? []
        var notes: [String] = []
        if let decision {
            notes.append(phrases.allocationNote)
            if !decision.isWorthMoving { notes.insert(phrases.nothingWorthMoving, at: 0) }
            if !beyond.isEmpty { notes.append("\(phrases.extrapolationNote) \(beyond.joined(separator: ", ")).") }
            if decision.lacksMargin { notes.append(phrases.noMarginNote) }
            if !decision.drivers.isEmpty {
                notes.append("\(phrases.driversNote) \(decision.drivers.joined(separator: ", ")).")
            }
        }
        return [
            "rows": content.channels.map(decisionRow) + (content.channels.count > 1 ? [totalRow] : []),
            "decisionNote": decisionNote,
            "hasMargin": content.margin != nil, "hasDecision": decision != nil,
            "margin": content.margin.map {
                percent($0) + (content.marginDiffers ? " \(phrases.marginsDiffer)" : "")
            } ?? "",
            "hasMediation": !content.mediation.isEmpty, "mediation": content.mediation.map(mediationRow),
            "allocation": decision.map(charts.allocation) ?? "", "gain": decision.map(charts.gain) ?? "",
            "gainSentence": decision.map(gainSentence) ?? "",
            "afterGain": decision.map { decision in
                [
                    decision.isWorthMoving ? sentences.risk(decision) : nil, sentences.furtherMoney(decision),
                    sentences.nextTest(decision),
                ]
                .compactMap(\.self)
            } ?? [],
            "allocationTable": decision.map {
                allocationTable($0).markup(summary: phrases.table, of: phrases.allocationHeading)
            } ?? "",
            "allocationNotes": notes.map(\.markupWithCode),
            "planner": content.planner.flatMap { PlannerSection($0, content: content, phrases: phrases)?.markup } ?? "",
            "hasEvidence": !content.evidence.isEmpty,
            "roiWord": linked(phrases.roi, to: .roi), "mroiWord": linked(phrases.marginalROI, to: .marginalROI),
            "contributionWord": linked(phrases.contributionName(content), to: .contribution),
            "marginROIWord": linked(phrases.marginROI, to: .marginROI),
            "paybackWord": linked(phrases.payback, to: .payback),
            "evidenceWord": linked(phrases.evidence, to: .evidence),
        ]
    }

    /// What the table's figures are.
    private var decisionNote: String {
        let unpaid = content.channels.filter { $0.spend == 0 }.map(\.channel)
        return [
            phrases.decisionNote, phrases.returnsNote(content),
            unpaid.isEmpty ? nil : "\(phrases.unpaidNote) \(unpaid.joined(separator: ", ")).",
            content.multiplies == true ? phrases.sharesNote : nil,
            content.decision == nil ? nil : phrases.changeNote,
        ].compactMap(\.self).joined(separator: " ")
    }

    /// A link to a word's formula, where the page has one.
    func linked(_ text: String, to entry: Glossary.Entry) -> String {
        audience == .cmo ? text : "<a href=\"#\(entry.anchor)\">\(text.escapedForMarkup)</a>"
    }

    private func decisionRow(_ channel: ChannelRow) -> [String: Any] {
        var cells: [[String: Any]] = [
            [
                "label": phrases.spend, "mean": channel.spend > 0 ? short(channel.spend) : NumberText.missing,
                "hasInterval": false,
            ],
            cell(phrases.contributionName(content), channel.contribution), percentCell(phrases.share, channel.share),
            decimalCell(phrases.roi, channel.roi), decimalCell(phrases.marginalROI, channel.marginalROI),
        ]
        if content.margin != nil {
            cells.append(decimalCell(phrases.marginROI, channel.marginROI))
            cells.append(["label": phrases.payback, "mean": payback(channel), "hasInterval": false])
        }
        if let decision = content.decision {
            let row = decision.rows.first { $0.channel == channel.channel }
            cells.append([
                "label": phrases.change, "mean": row.map(change) ?? NumberText.missing, "hasInterval": row != nil,
                "interval": row.map { changeShare($0) } ?? "",
            ])
            cells.append([
                "label": phrases.chance,
                "mean": row?.chance.map { NumberText.chance($0, language) } ?? NumberText.missing,
                "hasInterval": false,
            ])
        }
        return ["channel": channel.channel, "cells": cells, "grade": grade(of: channel.channel), "isSum": false]
    }

    /// All channels together; what a sum does not have stays empty.
    private var totalRow: [String: Any] {
        func empty(_ label: String) -> [String: Any] {
            ["label": label, "mean": NumberText.missing, "hasInterval": false]
        }
        let totals = content.totals
        var cells: [[String: Any]] = [
            [
                "label": phrases.spend, "mean": totals.spend > 0 ? short(totals.spend) : NumberText.missing,
                "hasInterval": false,
            ],
            cell(phrases.contributionName(content), totals.media), percentCell(phrases.share, totals.mediaShare),
            decimalCell(phrases.roi, totals.roi), empty(phrases.marginalROI),
        ]
        if content.margin != nil {
            cells += [decimalCell(phrases.marginROI, totals.marginROI), empty(phrases.payback)]
        }
        if content.decision != nil { cells += [empty(phrases.change), empty(phrases.chance)] }
        return ["channel": phrases.allChannels, "cells": cells, "grade": NumberText.missing, "isSum": true]
    }

    private func payback(_ channel: ChannelRow) -> String {
        guard channel.marginROI != nil else { return NumberText.missing }
        guard let weeks = channel.paybackWeeksQ50 else { return phrases.never }
        return "\(decimal(weeks, weeks == weeks.rounded() ? 0 : 1)) \(weeks == 1 ? phrases.week : phrases.weeks)"
    }

    /// Money that is to be moved, with its direction.
    private func change(_ row: ReportContent.Decision.Row) -> String {
        let change = row.proposed - row.spend
        guard row.chance != nil, row.spend > 0, abs(change) >= 0.005 * row.spend else { return phrases.keep }
        return (change > 0 ? "▲\u{202F}" : "▼\u{202F}") + money.signed(change)
    }

    private func changeShare(_ row: ReportContent.Decision.Row) -> String {
        guard row.spend > 0 else { return "" }
        let share = row.proposed / row.spend - 1
        let isUp = (100 * share).rounded() > 0
        return (isUp ? "+" : "") + NumberText.percent(share, digits: 0, language)
    }

    private func grade(of channel: String) -> String {
        content.grade(of: channel).map(phrases.shortGrade) ?? NumberText.missing
    }

    private func gainSentence(_ decision: ReportContent.Decision) -> String {
        let gain =
            "\(money.signed(decision.gain.mean)) "
            + NumberText.interval(
                decision.gain.q05, decision.gain.q95, beside: decision.gain.mean, isSigned: true, language)
        let chance = NumberText.chanceWords(decision.chance, language)
        return switch language {
        case .english:
            "\(gain) of profit from \(day(decision.first)) over \(decision.periodCount) \(periodWord); better than today's plan with a "
                + "chance of \(chance)."
        case .french:
            """
            \(gain) de résultat à partir du \(day(decision.first)), sur \(decision.periodCount) \
            \(periodWord)\u{202F}; \(chance) de chances de faire mieux que le plan actuel.
            """
        }
    }

    var periodWord: String {
        switch content.frequency {
        case .day: phrases.days
        case .week: phrases.weeks
        case .month: phrases.months
        }
    }

    private func allocationTable(_ decision: ReportContent.Decision) -> DataTable {
        DataTable(
            header: [phrases.channel, phrases.now, phrases.proposed, phrases.furtherMoney],
            rows: decision.rows.map { ($0.channel, [$0.spend, $0.proposed, $0.marginalMarginROI?.mean ?? .nan]) },
            language: language, ratioColumns: [2])
    }

    private func mediationRow(_ row: MediationRow) -> [String: Any] {
        [
            "channel": row.channel, "mediator": row.mediator,
            "estimates": [
                percentCell(phrases.exposureShare, row.exposureShare), cell(phrases.direct, row.direct),
                cell(phrases.through, row.through), cell(phrases.total, row.total),
                decimalCell(phrases.directROI, row.directROI), decimalCell(phrases.totalROI, row.totalROI),
            ],
        ]
    }
}
