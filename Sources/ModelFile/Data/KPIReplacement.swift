import ModelDefinition

extension ModelBundle {
    /// The same files with other values of the KPI where it is known, one a cell of `read`, which was read from these files.
    package func replacingKPI(of read: ReadModel, with values: [Double]) -> ModelBundle {
        let dataset = read.dataset
        let geoNumbers = Dictionary(uniqueKeysWithValues: dataset.geos.enumerated().map { ($1, $0) })
        let periods = Dictionary(uniqueKeysWithValues: dataset.dates.enumerated().map { ($1, $0) })
        var result = self
        for index in files.indices {
            var problems: [Problem] = []
            guard let table = CSVTable(files[index].bytes, file: files[index].path, problems: &problems),
                let kpi = table.columns.firstIndex(of: read.stated.kpiColumn),
                let date = table.columns.firstIndex(of: read.stated.dateColumn)
            else { continue }
            let geo = read.stated.geoColumn.flatMap { table.columns.firstIndex(of: $0) }
            let records = table.records.map { record in
                var record = record
                if let period = CalendarDate(record[date]).flatMap({ periods[$0] }) {
                    let number = geo.flatMap { geoNumbers[record[$0]] } ?? 0
                    let cell = number * dataset.periodCount + period
                    if !dataset.kpi[cell].isNaN { record[kpi] = String(values[cell]) }
                }
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
