import Assistant
import Foundation
import JSON
import Results

/// The tools that compute, by the code of commands: what they answer, the command that is named with it prints.
enum PlanTools {
    static let all = [optimise, scorePlan, compare]

    private static let common = [
        ToolParameter(
            "horizon", .whole(1...100_000),
            "Periods that are planned, the first after the data; left out: a quarter, at most those of the data."),
        ToolParameter(
            "price_rise", .texts, "How fast a channel's price rises with its money, as search=0.2: CHANNEL=KAPPA."),
        ToolParameter("margin", .number(0 ... .infinity), "Profit before media per revenue; left out: the model's."),
        ToolParameter("draws", .whole(2...100_000), "Draws of the posterior that are used; left out: 1000."),
        ResultsTool.parameter,
    ]

    static let optimise = Tool(
        "optimise", title: "The best split of a budget",
        """
        What `tutti optimize` finds for the periods after the data: what to move, what it is worth in profit with its interval \
        and chance, each channel's best money, and which test would be worth the most. Takes seconds; writes nothing.
        """,
        parameters: [
            ToolParameter(
                "budget", .number(0 ... .infinity), "Money for all planned periods; left out: what is spent now."),
            ToolParameter("free", .boolean, "Spend whatever earns the most within the bounds."),
            ToolParameter(
                "target_roi", .number(0 ... .infinity),
                "Spend as much as may be before all of it together returns less than this."),
            ToolParameter(
                "target_mroi", .number(0 ... .infinity),
                "Spend as much as may be before further money returns less than this."),
            ToolParameter(
                "bounds", .texts,
                "Least and most as multiples of what a channel has now: 0.7:1.3 for all, tv=0.5:2 for one."),
            ToolParameter("fix", .texts, "Channels whose money is not for choice: tv, or tv=50000."),
            ToolParameter("group", .texts, "Limits of the money of channels together: tv+ooh=100000:300000."),
            ToolParameter(
                "flight", .texts, "Channels that are on air in flights: tv=3:40000, CHANNEL=PERIODS[:MONEY]."),
            ToolParameter(
                "by", .choice(["geo", "period", "geo,period"]),
                "What is chosen by itself; left out: the channel's total."),
            ToolParameter("risk", .text, "cvar:0.1, the mean of the worst tenth as well; or variance:RHO."),
            ToolParameter(
                "cross_fit", .boolean,
                "Fit alternate blocks of periods as well, and say what the plan of each gains by the other. Slow."),
        ] + common)

    static let scorePlan = Tool(
        "score_plan", title: "What a plan is worth",
        """
        What `tutti optimize --plan` says of somebody's plan for the periods after the data: its profit beside that of what is \
        spent now, with intervals and chance, and each channel's return and marginal return. The money of each channel with \
        spend must be named. Writes nothing.
        """,
        parameters: [
            ToolParameter(
                "plan", .amounts, "Money of every channel with spend over all planned periods, by channel.",
                isRequired: true)
        ] + common)

    static let compare = Tool(
        "compare", title: "Which fit predicts better",
        "What `tutti compare` says of two served results or more: leave-one-out scores, differences and their standard errors.",
        parameters: [
            ToolParameter(
                "results", .texts, "Two names or more, as the tool results tells them, or numbers of finished jobs.",
                isRequired: true)
        ])

    // MARK: Plans

    /// Options of `tutti optimize`, each with its value in one word so that no value passes for an option.
    private static func words(_ arguments: ToolArguments) -> [String] {
        var words: [String] = []
        func option(_ name: String) -> String { "--" + name.replacing("_", with: "-") }
        for name in ["budget", "target_roi", "target_mroi", "margin"] {
            if let value = arguments.number(name) { words.append("\(option(name))=\(value)") }
        }
        for name in ["horizon", "draws"] {
            if let value = arguments.whole(name) { words.append("\(option(name))=\(value)") }
        }
        for name in ["bounds", "fix", "group", "flight", "price_rise"] {
            words += (arguments.texts(name) ?? []).map { "\(option(name))=\($0)" }
        }
        for name in ["by", "risk"] {
            if let value = arguments.text(name) { words.append("\(option(name))=\(value)") }
        }
        for name in ["free", "cross_fit"] where arguments.isTrue(name) { words.append(option(name)) }
        return words
    }

    static func plan(_ arguments: ToolArguments, from served: ServedFolder) throws -> JSONValue {
        let given = arguments.amounts("plan")
        let words = words(arguments)
        let command: OptimizeCommand
        do {
            command = try OptimizeCommand.parse([served.folder] + words)
        } catch {
            throw ToolRefusal(OptimizeCommand.message(for: error))
        }
        let table = given.isEmpty ? nil : planTable(given)
        let results = served.results
        let opened = try results.opened()
        guard let draws = try opened.file("posterior.nc") else {
            throw ToolRefusal("\(results.path) has no posterior.nc. Mend: fit again, or fetch all files of the job.")
        }
        let found = try command.find(scoring: table.map { (file: "plan", text: Data($0.utf8)) })
        var document = try JSONValue(found.outcome.document)
        let sentences = (document["sentences"]?.list ?? []).compactMap(\.text)
        document["sentences"] = nil
        // Nothing was written.
        document["directory"] = nil
        var shown = ["tutti", "optimize", results.path] + words
        if table != nil { shown += ["--plan", "plan.csv"] }
        var answer = opened.answer()
        answer.sentences = sentences
        if let table { answer.notes.append("plan.csv, for the command that is named: \(table)") }
        let reading = DocumentReading(
            document, of: CommandFiles.allocated,
            source: FigureSource(
                file: draws.name, sha256: draws.sha256,
                command: ShellWords.line(shown + ["--out", "planned", "--json"], after: [results]), isTable: false),
            unit: { opened.unit($0) })
        try reading.add([], to: &answer)
        try reading.add(list: "channels", key: "channel", to: &answer)
        try reading.add(list: "flights", key: "channel", to: &answer)
        return answer.value
    }

    /// As a file for `tutti optimize --plan`.
    private static func planTable(_ money: [(name: String, amount: Double)]) -> String {
        let rows = money.map { "\"\($0.name.replacing("\"", with: "\"\""))\",\($0.amount)\n" }
        return "channel,spend\n" + rows.joined()
    }

    // MARK: Comparison

    static func compare(_ served: [ServedFolder]) throws -> JSONValue {
        let folders = served.map(\.folder)
        let paths = served.map(\.results.path)
        let lines = try FitComparison(folders).lines
        var answer = FigureAnswer()
        for line in lines {
            guard let place = folders.firstIndex(of: line.folder),
                let file = try served[place].results.opened().file(Tables.leaveOneOut.name)
            else { continue }
            var value = try JSONValue(line)
            value["folder"] = .text(paths[place])
            try DocumentReading(
                ["fits": [value]], of: CommandFiles.compared.inList("fits"),
                source: FigureSource(
                    file: "\(paths[place])/\(file.name)", sha256: file.sha256,
                    command: ShellWords.line(["tutti", "compare"] + paths + ["--json"], after: served.map(\.results)),
                    isTable: false),
                unit: { $0.isEmpty ? "none" : $0 }
            ).add(list: "fits", key: "folder", to: &answer)
        }
        answer.notes.append("The best comes first. A difference within two of its standard errors says little.")
        return answer.value
    }
}

extension ResultFile {
    /// The same with its fields as those of entries of a list.
    fileprivate func inList(_ list: String) -> ResultFile {
        ResultFile(
            name, of: commands, meaning,
            fields: fields.map { ResultField("\(list)[].\($0.name)", $0.kind, unit: $0.unit, $0.meaning) })
    }
}

/// A command as it is typed.
enum ShellWords {
    /// - Parameter results: which the command reads.
    static func line(_ words: [String], after results: [ServedResults]) -> String {
        (results.compactMap(\.preparation) + [line(words)]).joined(separator: " && ")
    }

    private static func line(_ words: [String]) -> String {
        words.map { word in
            word.wholeMatch(of: /[A-Za-z0-9_.,:=+\/-]+/) != nil
                ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
