import Analysis

/// Returns of groups of channels, and by geo; what the change of revenue is due to.
extension PageContext {
    var partValues: [String: Any] {
        let groups = content.groups ?? []
        let geos = content.geoReturns
        return [
            "hasDueTo": content.dueTo != nil, "dueTo": content.dueTo.map(dueToRows) ?? [],
            "dueToSummary": content.dueTo.map { phrases.dueToSummary(from: $0.earlier, to: $0.later) } ?? "",
            "dueToSource": source(.contribution, "windows.csv"),
            "hasGroups": !groups.isEmpty, "groups": groups.map(groupRow),
            "groupsSource": source(.roi, "groups.csv"),
            "hasGeos": geos != nil, "geoTables": geos.map(geoTables) ?? [],
            "geoNote": geos.map { geoNote($0).markupWithCode } ?? "",
            "geosSource": source(.roi, "geo_channels.csv"),
        ]
    }

    private func groupRow(_ group: GroupRow) -> [String: Any] {
        var cells: [[String: Any]] = [
            [
                "label": phrases.spend, "mean": group.spend > 0 ? short(group.spend) : NumberText.missing,
                "hasInterval": false,
            ],
            cell(phrases.contributionName(content), group.contribution), percentCell(phrases.share, group.share),
            decimalCell(phrases.roi, group.roi), decimalCell(phrases.marginalROI, group.marginalROI),
        ]
        if content.margin != nil { cells.append(decimalCell(phrases.marginROI, group.marginROI)) }
        return ["group": group.group, "channels": group.channels.joined(separator: ", "), "cells": cells]
    }

    /// Printed so that the lines add up to the sum.
    private func dueToRows(_ dueTo: DueTo) -> [[String: Any]] {
        let lines =
            dueTo.lines.map { ($0.channel ?? phrases.baseline, $0.change) } + [(phrases.priceChange, dueTo.byPrice)]
        // Cents say nothing beside ten thousand.
        let digits = abs(dueTo.total.mean) < 10_000 ? 2 : 0
        let unit = digits == 0 ? 1 : 0.01
        guard let rounded = LargestRemainder.units(lines.map(\.1.mean), unit: unit) else { return [] }
        func row(_ name: String, _ estimate: Estimate, _ units: Int, isSum: Bool) -> [String: Any] {
            [
                "name": name, "change": (units > 0 ? "+" : "") + money.decimal(Double(units) * unit, digits),
                "interval": NumberText.interval(
                    [decimal(estimate.q05, digits), decimal(estimate.q95, digits)], language), "isSum": isSum,
            ]
        }
        return zip(lines, rounded.cells).map { row($0.0, $0.1, $1, isSum: false) }
            + [row(phrases.revenueChange, dueTo.total, rounded.total, isSum: true)]
    }

    /// Columns that stand beside each other on a screen and on paper.
    private static let channelsPerTable = 8

    /// The channels in tables of equal width, each with all rows.
    private func geoTables(_ geos: GeoReturns) -> [[String: Any]] {
        let count = geos.channels.count
        let tables = max(1, (count + Self.channelsPerTable - 1) / Self.channelsPerTable)
        return (0..<tables).map { table in
            let columns = count * table / tables..<count * (table + 1) / tables
            let names = Array(geos.channels[columns])
            return [
                "name": phrases.geosHeading + phrases.colon + names.joined(separator: ", "), "channels": names,
                "rows": geos.rows.map { row -> [String: Any] in
                    [
                        "geo": row.geo, "spend": short(row.spend),
                        "cells": columns.map { decimalCell(geos.channels[$0], row.roi[$0]) },
                    ]
                },
            ]
        }
    }

    private func geoNote(_ geos: GeoReturns) -> String {
        guard geos.geoCount > geos.rows.count else { return phrases.geosAll }
        let (count, all) = ("\(geos.rows.count)", decimal(Double(geos.geoCount), 0))
        return phrases.geosMost(count: count, of: all, share: percent(geos.spendShare))
    }
}
