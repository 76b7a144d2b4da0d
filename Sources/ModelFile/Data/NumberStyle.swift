/// How a column writes its numbers. It is judged of whole columns: one number alone can often be read in two ways.
struct NumberStyle {
    /// Whether decimals follow a comma; points, spaces and apostrophes then part groups of three digits.
    let hasDecimalComma: Bool

    /// Files whose fields a comma parts have decimal points. In others a column has decimal commas if one of its numbers
    /// has, or one of the file's and none of its own says otherwise.
    init(_ column: [String], fileHasDecimalCommas: Bool) {
        hasDecimalComma =
            fileHasDecimalCommas && !column.contains { Self.plain($0) != nil && Self.withComma($0) == nil }
    }

    init(hasDecimalComma: Bool) {
        self.hasDecimalComma = hasDecimalComma
    }

    /// A number as the column writes it.
    func text(_ value: Double) -> String {
        hasDecimalComma ? String(value).replacing(".", with: ",") : String(value)
    }

    /// Nil for what is no finite number.
    func value(_ text: String) -> Double? { hasDecimalComma ? Self.withComma(text) : Self.plain(text) }

    private static func plain(_ text: String) -> Double? {
        guard text.utf8.allSatisfy(plainBytes.contains), let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Swift also takes hexadecimal numbers and infinities, and what follows a zero byte for nothing.
    private static let plainBytes = Set("+-.0123456789Ee".utf8)

    /// `-1.234,5` and `1234`.
    private static func withComma(_ text: String) -> Double? {
        let (sign, digits) = unsigned(text)
        let parts = digits.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let whole = String(parts[0].filter { !groupMarks.contains($0) })
        // Without a comma or a group it may be written with an exponent.
        guard isDigits(whole) else { return parts.count == 1 && !digits.contains(".") ? plain(text) : nil }
        guard whole.count == parts[0].count || isGrouped(parts[0]) else { return nil }
        return plain("\(sign)\(whole)" + (parts.count == 2 ? ".\(parts[1])" : ""))
    }

    /// Whether a field is a number with a decimal comma.
    static func isDecimalComma(_ text: String) -> Bool { text.contains(",") && withComma(text) != nil }

    private static let groupMarks: Set<Character> = [".", " ", "\u{A0}", "\u{202F}", "'", "’"]

    /// Whether a whole number is parted into threes.
    private static func isGrouped(_ text: Substring) -> Bool {
        let groups = text.split(omittingEmptySubsequences: false) { groupMarks.contains($0) }
        return (1...3).contains(groups[0].count) && groups[0].first != "0"
            && groups.dropFirst().allSatisfy { $0.count == 3 }
    }

    private static func unsigned(_ text: String) -> (sign: String, digits: Substring) {
        text.hasPrefix("-") ? ("-", text.dropFirst()) : ("", Substring(text))
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    // MARK: Thousands or decimals

    /// Zeros beside which as many numbers with three decimals are no chance: each third decimal is 0, and would be left out,
    /// once in ten.
    private static let besideZerosMin = 40

    /// The first number of a column that may be in thousands: all that have decimals have exactly three of them, and others,
    /// below 1,000, have none.
    func doubtful(_ column: [String]) -> DoubtfulNumber? {
        let mark: Character = hasDecimalComma ? "," : "."
        var parted: [String] = []
        var whole: [String] = []
        var zeros: [String] = []
        for text in column {
            let digits = Self.unsigned(text).digits
            if digits.contains(mark) {
                let parts = digits.split(separator: mark, omittingEmptySubsequences: false)
                guard parts[0].first != "0", (1...3).contains(parts[0].count), Self.isDigits(String(parts[0])),
                    parts.dropFirst().allSatisfy({ $0.count == 3 && Self.isDigits(String($0)) })
                else { return nil }
                parted.append(text)
            } else if Self.isDigits(String(digits)) {
                if digits.contains(where: { $0 != "0" }) { whole.append(text) } else { zeros.append(text) }
                guard digits.count <= 3 else { return nil }
            }
        }
        guard let first = parted.first else { return nil }
        if let beside = whole.first { return DoubtfulNumber(number: first, whole: beside) }
        return parted.count >= Self.besideZerosMin ? zeros.first.map { DoubtfulNumber(number: first, whole: $0) } : nil
    }
}

/// A number that may be in thousands, and one beside it.
struct DoubtfulNumber {
    var number: String
    var whole: String

    /// A question that only the person who made the file can answer.
    var words: (message: String, mend: String) {
        let digits = number.filter(\.isNumber)
        let mark = number.contains(",") ? "," : "."
        return (
            "'\(number)' stands beside '\(whole)', and every number with decimals has exactly three: it may be "
                + "\(digits), in thousands.",
            "write thousands without a mark, as \(digits); if these are decimals, give all numbers three, as "
                + "\(whole)\(mark)000."
        )
    }
}
