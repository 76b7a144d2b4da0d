import MarketingMix

extension ModelBundle {
    /// The same files with other values of the KPI, one a period of `read`, which was read from these files.
    package func replacingKPI(of read: ReadModel, with values: [Double]) -> ModelBundle {
        let byDate = Dictionary(uniqueKeysWithValues: zip(read.dataset.dates, values))
        var result = self
        for index in files.indices {
            var problems: [Problem] = []
            guard let table = CSVTable(files[index].bytes, file: files[index].path, problems: &problems),
                let kpi = table.columns.firstIndex(of: read.kpiColumn),
                let date = table.columns.firstIndex(of: read.dateColumn)
            else { continue }
            let records = table.records.map { record in
                var record = record
                if let value = CalendarDate(record[date]).flatMap({ byDate[$0] }) { record[kpi] = String(value) }
                return record
            }
            let text = ([table.columns] + records).map { $0.map(Self.field).joined(separator: ",") + "\n" }
            result.files[index].bytes = Array(text.joined().utf8)
        }
        return result
    }

    /// A field as CSV, quoted where it must be.
    private static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
