import JSON
import Results

/// What a channel brings at a spend, by the points at which its response curve is told.
enum CurveView {
    private static let spend = "spend"

    private static let points = TableView(
        file: Tables.responseCurves.file, key: ["channel", spend],
        mend: "fit the model again with this version of Tutti.")

    static let tool = ResultsTool(
        Tool(
            "response", title: "What a channel brings at a spend",
            """
            The contribution of a channel had it spent so much within the window of the data. Curves are told at tenths of the \
            spend, from 0 to twice as much: for a spend between two of them both are answered, and nothing is interpolated. What \
            a plan with that spend is worth in the periods to come, score_plan computes exactly.
            """,
            parameters: [
                ToolParameter("channel", .text, "The channel.", isRequired: true),
                ToolParameter(
                    spend, .number(0 ... .infinity),
                    "Money within the window of the data. Left out: all points of the curve."),
            ])
    ) { (arguments, results) throws(ToolRefusal) in
        guard let file = try results.file(points.file.name) else {
            throw ToolRefusal("\(results.results.path) has no \(points.file.name). Mend: \(points.mend)")
        }
        let table = try ServedTable(file, columns: points.file.fields.map(\.name))
        let (channel, channels) = (arguments.text("channel") ?? "", table.distinct("channel"))
        guard channels.contains(channel) else {
            throw ToolRefusal(
                "\(points.file.name) has no channel '\(channel)'. Mend: \(Tool.mend(for: channel, among: channels))")
        }
        var told = table.records.filter { table.field("channel", of: $0) == channel }
        var answer = results.answer()
        if let asked = arguments.number(spend) {
            told = try around(asked, told.map { (Double(table.field(spend, of: $0)) ?? .nan, $0) }, channel)
            if told.count > 1 {
                answer.notes.append(
                    "The curve is told at tenths of the spend. What was asked lies between these two points; nothing is "
                        + "interpolated. Of a plan of the periods to come, score_plan computes it exactly.")
            }
        }
        let reader = try RecordReader(points.file.fields)
        answer.meanings = reader.meanings
        answer.records = told.map { record in
            reader.record(
                key: points.key.map { ($0, table.field($0, of: record)) }, source: table.source,
                unit: { results.unit($0.unit) }, lookup: { table.value($0, of: record) })
        }
        return answer.value
    }

    /// The point at a spend, or its two neighbours.
    private static func around(
        _ spend: Double, _ points: [(spend: Double, record: [String])], _ channel: String
    ) throws(ToolRefusal) -> [[String]] {
        let tolerance = 1e-9 * (points.last?.spend ?? 0)
        if let point = points.first(where: { abs($0.spend - spend) <= tolerance }) { return [point.record] }
        guard let upper = points.firstIndex(where: { $0.spend > spend }), upper > 0 else {
            throw ToolRefusal(
                "The curve of '\(channel)' is told from 0 to \(points.last?.spend ?? 0). Mend: ask for a spend within it; "
                    + "more than twice what was spent is beyond what the data can say.")
        }
        return [points[upper - 1].record, points[upper].record]
    }
}
