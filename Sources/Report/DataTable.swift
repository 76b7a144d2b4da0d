import Wording

/// The numbers of a chart, for those who cannot or would not read them off it.
struct DataTable {
    var header: [String]
    /// A name, then numbers.
    var rows: [(name: String, values: [Double])]
    var language: Language
    /// Columns of ratios, whose two decimals amounts beside them do not take away.
    var ratioColumns: Set<Int> = []

    /// Rounded to whole numbers where they run into thousands, else to two decimals.
    ///
    /// - Parameter thing: what the numbers are of, for those who hear the page's parts without their places.
    func markup(summary: String, of thing: String) -> String {
        let amounts = rows.flatMap { row in
            row.values.indices.filter { !ratioColumns.contains($0) }.map { row.values[$0] }
        }
        let largest = amounts.map(abs).filter(\.isFinite).max() ?? 0
        func digits(_ column: Int) -> Int { largest >= 1000 && !ratioColumns.contains(column) ? 0 : 2 }
        let head = header.map { "<th scope=\"col\">\($0.escapedForMarkup)</th>" }.joined()
        let body = rows.map { row in
            "<tr><th scope=\"row\">\(row.name.escapedForMarkup)</th>"
                + row.values.enumerated().map { "<td>\(NumberText.decimal($1, digits($0), language))</td>" }.joined()
                + "</tr>"
        }
        return
            "<details><summary>\(summary.escapedForMarkup)</summary><div class=\"wide\" tabindex=\"0\" role=\"region\" "
            + "aria-label=\"\((summary + Vocabulary().colon[language] + thing).escapedForMarkup)\"><table><thead><tr>\(head)"
            + "</tr></thead><tbody>\n\(body.joined(separator: "\n"))\n</tbody></table></div></details>"
    }
}
