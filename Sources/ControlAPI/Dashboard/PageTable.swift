/// A table that becomes a list of cards where it is narrow. Roles stand in it because the cards' style would take a table's
/// own from it.
struct PageTable {
    enum Kind {
        case text
        /// Aligned on the right.
        case number
        /// Sentences: on a card, below their label.
        case words
        /// Short words that stay on one line.
        case narrow
        case chart

        fileprivate var attribute: String {
            switch self {
            case .text: ""
            case .number: "number"
            case .words: "words"
            case .narrow: "narrow"
            case .chart: "chart"
            }
        }
    }

    /// Says to those who do not see it what is in it.
    var caption: String
    /// The first heads the rows.
    var columns: [(title: String, kind: Kind)]
    var rows: [[Markup]]

    var markup: Markup {
        let heads = columns.map { column -> Markup in
            "<th role=\"columnheader\" scope=\"col\" class=\"\(column.kind.attribute)\">\(column.title)</th>"
        }
        let body = rows.map { cells -> Markup in
            let rest = zip(columns, cells).dropFirst().map { column, cell -> Markup in
                let kind = column.kind.attribute + (cell.isEmpty ? " none" : "")
                return "<td role=\"cell\" class=\"\(kind)\" data-label=\"\(column.title)\"><div>\(cell)</div></td>"
            }
            return """
                <tr role="row"><th role="rowheader" scope="row" class="\(columns[0].kind.attribute)">\(cells[0])</th>\(rest)</tr>

                """
        }
        return """
            <table role="table"><caption class="unseen">\(caption)</caption>
            <thead role="rowgroup"><tr role="row">\(heads)</tr></thead>
            <tbody role="rowgroup">\(body)</tbody></table>
            """
    }
}
