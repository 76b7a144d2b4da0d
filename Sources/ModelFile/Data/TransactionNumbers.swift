/// The numbers of one column of a transaction file, whose style is known only at its end.
struct TransactionNumbers {
    private static let sampleMax = 1000

    let mayHaveCommas: Bool
    private var sample: [String] = []
    private var sampleLines: [Int] = []
    /// The first number with a decimal comma, and the first with a point alone.
    private var comma: String?
    private var point: (text: String, line: Int)?

    init(mayHaveCommas: Bool) {
        self.mayHaveCommas = mayHaveCommas
    }

    /// Nil for what is no finite number.
    mutating func value(_ text: String, line: Int) -> Double? {
        if sample.count < Self.sampleMax {
            sample.append(text)
            sampleLines.append(line)
        }
        let hasComma = mayHaveCommas && text.contains(",")
        if hasComma, comma == nil { comma = text }
        if !hasComma, point == nil, text.contains(".") { point = (text, line) }
        return NumberStyle(hasDecimalComma: hasComma).value(text)
    }

    /// What could be meant in two ways.
    var doubt: (line: Int, message: String, mend: String)? {
        if let comma, let point {
            return (
                point.line, "'\(point.text)' has a point, and '\(comma)' a decimal comma.",
                "write all numbers of the column alike, with a decimal comma or a decimal point."
            )
        }
        guard let doubtful = NumberStyle(hasDecimalComma: comma != nil).doubtful(sample) else { return nil }
        let row = sample.firstIndex(of: doubtful.number) ?? 0
        let words = doubtful.words
        return (sampleLines[row], words.message, words.mend)
    }
}
