import Report
import Testing
import Wording

@Suite("Numbers as text")
struct NumberTextTests {
    @Test(
        "a short number has three significant digits and a unit",
        arguments: [
            (12_345_678.0, "12.3M"), (999_600, "1.00M"), (999_400, "999k"), (4_567, "4.57k"), (0.8123, "0.81"),
            (-1_234.5, "−1.23k"), (0, "0.00"), (99.96, "100"), (2.5e9, "2.50bn"), (.nan, "–"), (.infinity, "–"),
        ])
    func short(_ value: Double, _ text: String) {
        #expect(NumberText.short(value) == text)
    }

    @Test(
        "an axis says nothing twice",
        arguments: [
            (15e6, "15M"), (0.5, "0.5"), (0, "0"), (2, "2"), (1.25e3, "1.25k"), (-200, "−200"), (0.001, "0.001"),
        ])
    func tick(_ value: Double, _ text: String) {
        #expect(NumberText.tick(value) == text)
    }

    @Test("thousands are set apart by commas, and a rounded zero has no sign")
    func decimal() {
        #expect(NumberText.decimal(1_234_567.891, 2) == "1,234,567.89")
        #expect(NumberText.decimal(-999.5, 0) == "−1,000")
        #expect(NumberText.decimal(-0.004, 2) == "0.00" && NumberText.decimal(0.05, 2) == "0.05")
        #expect(NumberText.percent(0.1234) == "12.3%" && NumberText.percent(.nan) == "–")
    }

    @Test("what is printed reads back as the number to half a unit of its last digit")
    func readsBack() {
        var value = 1.234e-2
        while value < 9e11 {
            for signed in [value, -value] {
                let short = read(NumberText.short(signed))
                // Three digits, or two decimals where the number is below ten.
                #expect(abs(short - signed) <= max(0.005 * 1.0001, 0.005001 * abs(signed)), "\(signed)")
                #expect(abs(read(NumberText.decimal(signed, 2)) - signed) <= 0.0050001 + 1e-12 * abs(signed))
            }
            value *= 1.37
        }
    }

    @Test("French numbers have a decimal comma, narrow spaces and milliards; intervals stand in the unit of their mean")
    func french() {
        #expect(NumberText.short(12_345_678, .french) == "12,3\u{202F}M" && NumberText.short(0.8123, .french) == "0,81")
        #expect(
            NumberText.short(2.5e9, .french) == "2,50\u{202F}Md"
                && NumberText.short(-1_234.5, .french) == "−1,23\u{202F}k")
        #expect(NumberText.decimal(1_234_567.891, 2, .french) == "1\u{202F}234\u{202F}567,89")
        #expect(
            NumberText.percent(0.1234, .french) == "12,3\u{202F}%"
                && NumberText.tick(1.25e3, .french) == "1,25\u{202F}k")
        #expect(NumberText.interval(10.1e6, 14.9e6, beside: 12.4e6) == "[10.1; 14.9]")
        #expect(NumberText.interval(-1e5, 9e5, beside: 4e5, isSigned: true, .french) == "[−100\u{202F}; +900]")
    }

    private func read(_ text: String) -> Double {
        let scale = ["k": 1e3, "M": 1e6, "n": 1e9][String(text.suffix(1))]
        let digits = text.filter { $0.isNumber || $0 == "." }
        return (text.hasPrefix("−") ? -1 : 1) * (scale ?? 1) * (Double(digits) ?? .nan)
    }
}
