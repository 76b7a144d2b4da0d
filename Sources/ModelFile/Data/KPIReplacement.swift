import ModelDefinition

extension ModelBundle {
    /// The same files with other values of the KPI where it is known, one a cell of `read`, which was read from these files.
    package func replacingKPI(of read: ReadModel, with values: [Double]) -> ModelBundle {
        let dataset = read.dataset
        let geos = dataset.geos.isEmpty ? [""] : dataset.geos
        var result = self
        for index in files.indices {
            var problems: [Problem] = []
            guard let table = CSVTable(files[index].bytes, file: files[index].path, problems: &problems),
                let column = table.columns.firstIndex(of: read.stated.kpi.column),
                let source = SourceTable(table, read.stated, problems: &problems)
            else { continue }
            let style = table.numberStyle(of: column)
            var records = table.records
            for (geo, name) in geos.enumerated() {
                for (period, date) in dataset.dates.enumerated() {
                    let cell = geo * dataset.periodCount + period
                    guard !dataset.kpi[cell].isNaN, let row = source.row(PanelCell(geo: name, date: date)) else {
                        continue
                    }
                    records[row][column] = style.text(values[cell])
                }
            }
            var text = CSVText(table.columns, separator: table.separator)
            for record in records { text.append(record) }
            result.files[index].bytes = text.bytes
        }
        return result
    }
}
