/// Names in a row; of many the first and the last.
enum ElidedList {
    private static let most = 12

    /// `a, b, c`, or `g00 … g49`.
    static func text(_ names: [String], separator: String = ", ") -> String {
        guard names.count > most, let first = names.first, let last = names.last else {
            return names.joined(separator: separator)
        }
        return "\(first) … \(last)"
    }
}
