import ModelDefinition
import ModelFile

extension DataChecks {
    /// Cells in which a channel must have run for its effect to be told from chance. With fewer, one odd week decides.
    private static let activeCellsMin = 8
    /// Standard deviation ÷ mean below which a channel that always runs looks like the intercept.
    private static let variationMin = 0.1

    /// A model of media in whose data no media ran.
    var absentMedia: [Problem] {
        guard data.exposure.allSatisfy({ $0.allSatisfy { $0 == 0 } }) else { return [] }
        return columns.prefix(1).map {
            problem(
                $0, "no channel ever ran: every figure would be a prior alone.",
                mend: "name the columns of spend or exposure that hold the media.")
        }
    }

    /// Controls that say nothing that the intercept does not say.
    var constantControls: [Problem] {
        guard read.specification.intercept || read.specification.preset == .meridian else { return [] }
        let hasGeoIntercepts = data.geoCount > 1 && read.specification.hasGeoIntercepts
        return columns.filter { $0.isLinear }.compactMap { column in
            let values = knownCells.map { column.values[$0] }
            if values.allSatisfy({ $0 == values.first }) {
                return problem(
                    column,
                    "\(column.words) is \(Self.words(values.first ?? 0)) in every period: the intercept says the same.",
                    mend: "remove it from `\(column.block)`.",
                    french: """
                        vaut \(Self.words(values.first ?? 0)) à chaque période : la constante dit la même chose. \
                        Retirez cette série de `\(code: column.block)`.
                        """)
            }
            guard hasGeoIntercepts, (0..<data.geoCount).allSatisfy({ variation(column.values, geo: $0) == 0 }) else {
                return nil
            }
            return problem(
                column, "\(column.words) never changes within a geo: the geos' intercepts say the same.",
                mend: "remove it from `\(column.block)`.",
                french: """
                    ne change jamais dans une zone : les constantes des zones disent la même chose. Retirez cette \
                    série de `\(code: column.block)`.
                    """)
        }
    }

    /// Channels that ran too rarely or too evenly for their effect to be seen.
    var weakChannels: [Problem] {
        columns.filter { !$0.isLinear }.compactMap { column in
            let active = knownCells.filter { column.values[$0] > 0 }
            guard let first = active.first else { return nil }
            if active.count < Self.activeCellsMin {
                return problem(
                    column,
                    "\(column.words) ran in \(active.count) of \(knownCells.count) periods, first "
                        + "\(words(cell: first)): its figures will be little more than its prior.",
                    mend: "join it with a channel that works alike, or give a longer series.",
                    french: """
                        diffusé dans \(active.count) périodes sur \(knownCells.count), d’abord \
                        \(frenchWords(cell: first)) : ses chiffres ne seront \
                        guère plus que son a priori. Réunissez-le à un canal qui agit de même, ou donnez une série \
                        plus longue.
                        """
                )
            }
            guard (0..<data.geoCount).allSatisfy({ variation(column.values, geo: $0) < Self.variationMin }) else {
                return nil
            }
            return problem(
                column,
                "\(column.words) hardly varies from period to period: its effect cannot be told from the baseline.",
                mend: "vary its spend for some weeks, or give it a prior from an experiment.",
                french: """
                    ne varie guère d’une période à l’autre : son effet ne peut pas être distingué des ventes de \
                    base. Faites varier sa dépense quelques semaines, ou donnez-lui un a priori tiré d’une \
                    expérience.
                    """
            )
        }
    }

    /// Standard deviation ÷ |mean| over the known cells of one geo; 0 where all values are the same.
    private func variation(_ values: [Double], geo: Int) -> Double {
        let own = knownCells(of: geo).map { values[$0] }
        guard own.contains(where: { $0 != own[0] }) else { return 0 }
        let mean = own.reduce(0, +) / Double(own.count)
        let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
        return mean == 0 ? .infinity : variance.squareRoot() / abs(mean)
    }
}
