import Foundation
import Testing

/// The style sheet as it is served.
@Suite("the pages' colours and sizes")
struct ThemeTests {
    private static func styleSheet() async throws -> String {
        let coordinator = try TestCoordinator()
        return try #require(PageReader(try await coordinator.show("/").text).all("style").first).text
    }

    /// Colours by name, of light and of dark surroundings.
    private static func colours(_ sheet: String) throws -> [[String: String]] {
        let blocks = sheet.matches(of: /:root \{([^}]*)\}/).map { String($0.1) }
        try #require(blocks.count == 2)
        return blocks.map { block in
            Dictionary(
                uniqueKeysWithValues: block.matches(of: /--([a-z]+): (#[0-9a-f]{6})/).map {
                    (String($0.1), String($0.2))
                })
        }
    }

    /// Relative luminance (WCAG 2.2, section 5).
    private static func luminance(_ hex: String) -> Double {
        let value = Int(hex.dropFirst(), radix: 16) ?? 0
        let channels = [value >> 16, value >> 8 & 255, value & 255].map { channel -> Double in
            let share = Double(channel) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    static func contrast(_ first: String, _ second: String) -> Double {
        let values = [luminance(first), luminance(second)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    @Test("black on white has 21, and known greys have what others compute")
    func formula() {
        #expect(abs(Self.contrast("#000000", "#ffffff") - 21) < 1e-9)
        // The lightest grey that passes on white, and the first that does not.
        #expect(Self.contrast("#767676", "#ffffff") >= 4.5 && Self.contrast("#777777", "#ffffff") < 4.5)
    }

    @Test("text and what else has to be seen stand out, in light and in dark surroundings")
    func contrasts() async throws {
        let sheet = try await Self.styleSheet()
        for colours in try Self.colours(sheet) {
            func expect(_ front: String, _ back: String, _ least: Double) throws {
                let ratio = Self.contrast(try #require(colours[front]), try #require(colours[back]))
                #expect(ratio >= least, "\(front) on \(back): \(ratio)")
            }
            for back in ["page", "card"] {
                for front in ["ink", "soft", "accent", "good", "warn", "bad"] { try expect(front, back, 4.5) }
                try expect("edge", back, 3)
            }
            // A bar on its ground, and words on the main button.
            try expect("accent", "rule", 3)
            try expect("page", "accent", 4.5)
        }
        // Every colour is one of these.
        let rest = sheet.replacing(/:root \{[^}]*\}/, with: "")
        #expect(rest.firstMatch(of: /#[0-9a-fA-F]{3,8}\b/) == nil)
        #expect(sheet.contains("prefers-color-scheme: dark") && sheet.contains(":focus-visible { outline: 3px"))
    }

    @Test("no text is smaller than 12 pixels")
    func sizes() async throws {
        let sheet = try await Self.styleSheet()
        let sizes = sheet.matches(of: /font(-size)?: ([0-9.]+)(rem|px|em)/)
        #expect(sizes.count > 8)
        for size in sizes {
            let value = try #require(Double(size.2)) * (size.3 == "px" ? 1 : 16)
            #expect(value >= 12, "\(size.0)")
        }
    }
}
