/// A table of a workbook, whose sums the workbook itself works out.
package struct Sheet: Sendable, Hashable {
    package enum Cell: Sendable, Hashable {
        case empty
        case text(String)
        /// Money or units of the KPI, to the cent.
        case amount(Double)
        /// A return.
        case ratio(Double)
        case share(Double)
        /// A formula in the notation of spreadsheets, with the amount that it comes to.
        case formula(String, Double)
    }

    /// Up to 31 characters, none of `[]:*?/\`.
    package var name: String
    package var header: [String]
    package var rows: [[Cell]]
    /// Of each column, in characters.
    package var widths: [Double]

    /// `B7` for the second column and the sheet's seventh line; the header is the first.
    static func place(column: Int, line: Int) -> String {
        var (letters, rest) = ("", column)
        repeat {
            letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
            rest = rest / 26 - 1
        } while rest >= 0
        return letters + String(line)
    }
}
