/// What a client will take (RFC 9110, section 12.5.1).
struct Acceptance {
    private var ranges: [(type: String, subtype: String, isRefused: Bool)] = []

    /// - Parameter field: `Accept`; nil takes everything.
    init(_ field: String?) {
        for part in (field ?? "*/*").split(separator: ",") {
            let words = part.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let names = (words.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
            guard names.count == 2 else { continue }
            let weight = words.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            ranges.append((String(names[0]), String(names[1]), weight <= 0))
        }
    }

    /// - Parameter mediaType: with or without parameters, which do not matter.
    func takes(_ mediaType: String) -> Bool {
        let names = mediaType.prefix { $0 != ";" }.lowercased().split(separator: "/").map(String.init)
        guard names.count == 2 else { return false }
        func precision(_ range: (type: String, subtype: String, isRefused: Bool)) -> Int? {
            if range.type == names[0], range.subtype == names[1] { return 2 }
            if range.type == names[0], range.subtype == "*" { return 1 }
            return range.type == "*" && range.subtype == "*" ? 0 : nil
        }
        // The most precise one decides.
        let fitting = ranges.compactMap { range in precision(range).map { ($0, range.isRefused) } }
        return fitting.max { $0.0 < $1.0 }.map { !$0.1 } ?? false
    }
}
