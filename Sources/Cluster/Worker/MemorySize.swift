import Wire

/// An amount of memory as people write it: `4G`, `512M`, `1.5GiB`, `4096K`. Units are powers of 1,024; a number without
/// a unit counts bytes.
package struct MemorySize: Sendable, Hashable, CustomStringConvertible {
    package let byteCount: Int

    private static let units: [String: Double] = ["": 1, "k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]

    package init(byteCount: Int) {
        self.byteCount = byteCount
    }

    /// Nil when the text is no amount, or more than any host has.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        var unit = text.dropFirst(digits.count).lowercased()
        for suffix in ["ib", "b"] where unit.hasSuffix(suffix) {
            unit.removeLast(suffix.count)
            // `4iB` is a slip.
            if suffix == "ib", unit.isEmpty { return nil }
            break
        }
        guard let number = Double(digits), let scale = Self.units[unit],
            number * scale <= Double(Limits.slotMemoryMax)
        else { return nil }
        byteCount = Int(number * scale)
    }

    package var description: String { Self.words(byteCount) }

    /// In words: `1.5 GiB`.
    package static func words(_ byteCount: Int) -> String {
        let names = ["KiB", "MiB", "GiB", "TiB"]
        var value = Double(byteCount) / 1024
        var place = 0
        while value >= 1024, place < names.count - 1 {
            value /= 1024
            place += 1
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths % 10)") + " \(names[place])"
    }
}
