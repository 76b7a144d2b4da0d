import Wording

/// The numbers of a chart, for those who cannot or would not read them off it.
struct DataTable {
    var header: [String]
    /// A name, then numbers.
    var rows: [(name: String, values: [Double])]
    var language: Language

    /// Rounded to whole numbers where they run into thousands, else to two decimals.
    ///
    /// - Parameter thing: what the numbers are of, for those who hear the page's parts without their places.
    func markup(summary: String, of thing: String) -> String {
        let largest = rows.flatMap { $0.values.map(abs) }.filter(\.isFinite).max() ?? 0
        let digits = largest >= 1000 ? 0 : 2
        let head = header.map { "<th scope=\"col\">\($0.escapedForMarkup)</th>" }.joined()
        let body = rows.map { row in
            "<tr><th scope=\"row\">\(row.name.escapedForMarkup)</th>"
                + row.values.map { "<td>\(NumberText.decimal($0, digits, language))</td>" }.joined() + "</tr>"
        }
        return
            "<details><summary>\(summary.escapedForMarkup)</summary><div class=\"wide\" tabindex=\"0\" role=\"region\" "
            + "aria-label=\"\((summary + Vocabulary().colon[language] + thing).escapedForMarkup)\"><table><thead><tr>\(head)"
            + "</tr></thead><tbody>\n\(body.joined(separator: "\n"))\n</tbody></table></div></details>"
    }
}
