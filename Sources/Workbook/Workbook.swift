import CXLSXWriter
import Report

/// Sheets as a workbook of Office Open XML (.xlsx), by libxlsxwriter.
package enum Workbook {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Writes a file; the same sheets give the same bytes.
    package static func write(_ sheets: [Sheet], title: String, to path: String) throws(Failure) {
        guard let book = workbook_new(path) else { throw Failure(description: "\(path) cannot be begun") }
        var properties = lxw_doc_properties()
        // The first of January 1980: no clock is in a result.
        properties.created = 315_532_800
        title.withCString { text in
            properties.title = UnsafeMutablePointer(mutating: text)
            _ = workbook_set_properties(book, &properties)
        }
        let formats = Formats(book)
        var problem: lxw_error = LXW_NO_ERROR
        for sheet in sheets {
            guard let page = workbook_add_worksheet(book, sheet.name) else {
                problem = LXW_ERROR_PARAMETER_VALIDATION
                break
            }
            Self.fill(page, with: sheet, formats)
        }
        let end = workbook_close(book)
        if problem == LXW_NO_ERROR { problem = end }
        guard problem == LXW_NO_ERROR else {
            throw Failure(description: "\(path): \(String(cString: lxw_strerror(problem)))")
        }
    }

    private struct Formats {
        let head, amount, ratio, share: UnsafeMutablePointer<lxw_format>?

        init(_ book: UnsafeMutablePointer<lxw_workbook>) {
            func format(_ pattern: String?) -> UnsafeMutablePointer<lxw_format>? {
                let format = workbook_add_format(book)
                if let pattern { format_set_num_format(format, pattern) }
                return format
            }
            head = format(nil)
            format_set_bold(head)
            amount = format("#,##0.00")
            ratio = format("0.00")
            share = format("0.0%")
        }
    }

    private static func fill(_ page: UnsafeMutablePointer<lxw_worksheet>, with sheet: Sheet, _ formats: Formats) {
        for (column, text) in sheet.header.enumerated() {
            worksheet_write_string(page, 0, lxw_col_t(column), text, formats.head)
        }
        for (column, width) in sheet.widths.enumerated() {
            worksheet_set_column(page, lxw_col_t(column), lxw_col_t(column), width, nil)
        }
        worksheet_freeze_panes(page, 1, 1)
        for (row, cells) in sheet.rows.enumerated() {
            let line = lxw_row_t(row + 1)
            for (place, cell) in cells.enumerated() {
                let column = lxw_col_t(place)
                switch cell {
                case .empty: break
                case .text(let text): worksheet_write_string(page, line, column, text, nil)
                case .amount(let value): worksheet_write_number(page, line, column, value, formats.amount)
                case .ratio(let value): worksheet_write_number(page, line, column, value, formats.ratio)
                case .share(let value): worksheet_write_number(page, line, column, value, formats.share)
                case .formula(let text, let value):
                    worksheet_write_formula_num(page, line, column, "=\(text)", formats.amount, value)
                }
            }
        }
    }
}
